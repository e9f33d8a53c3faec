package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How much is done at once and how often.
 *
 * @param workersGiven what the user says; where that is nothing, the driver's calls may be fewer
 *     than {@code workers} allow
 * @param inDoubt after which answers a volume may be there all the same
 */
record WorkOptions(
    int workers,
    OptionalInt workersGiven,
    BackOff backOff,
    int cloneWorkers,
    Duration sweep,
    Set<Code> inDoubt) {
  private static final int WORKERS = 100;
  private static final int PERCENT_MAX = 100;

  static WorkOptions from(Flags flags) {
    var given = workers(flags);
    var cloneWorkers =
        flags.count("cloning-protection-threads", 1, "sources of clones looked at the same time");
    flags.require(
        cloneWorkers > 0, "cloning-protection-threads", "a whole number, 1 or more (default 1)");
    return new WorkOptions(
        given.orElse(WORKERS),
        given,
        flags.backOff().withJitter(jitter(flags)),
        cloneWorkers,
        flags.duration(
            "snapshot-orphan-sweep-interval",
            Duration.ofMinutes(5),
            "how often protections that were left on snapshots are looked for; 0 is never"),
        Doubt.from(flags));
  }

  private static int jitter(Flags flags) {
    var percent =
        flags.count(
            "retry-jitter",
            10,
            "by how many per cent, at most, a pause after a failure is longer by chance");
    flags.require(percent <= PERCENT_MAX, "retry-jitter", "0 to 100 (default 10)");
    return Math.min(percent, PERCENT_MAX);
  }

  private static OptionalInt workers(Flags flags) {
    var text =
        flags.text(
            "worker-threads",
            "",
            "claims, and again volumes, worked on at the same time; by default %d, with fewer calls"
                    .formatted(WORKERS)
                + " to a driver that is too slow for so many");
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    var wellFormed = text.matches("[1-9]\\d{0,8}");
    flags.require(wellFormed, "worker-threads", "a whole number, 1 or more (default 100)");
    return wellFormed ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }
}
