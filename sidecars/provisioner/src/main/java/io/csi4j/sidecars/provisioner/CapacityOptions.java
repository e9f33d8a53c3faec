package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import io.csi4j.sidecars.kit.pacing.PacingOptions;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * How the scheduler is told of free space.
 *
 * @param ownerLevel whose the objects are: -1 nobody's, 0 the pod's, 1 its controller's, and so on
 * @param pacing a budget of its own: claims must not wait for this
 */
record CapacityOptions(
    int workers,
    Duration poll,
    boolean immediateToo,
    int ownerLevel,
    String namespace,
    String pod,
    PacingOptions pacing) {
  private static final int LEVEL_MAX = 9;

  /** Empty where nothing is to be told. All flags are asked for either way. */
  static Optional<CapacityOptions> from(Flags flags, Surroundings here) {
    var enabled =
        flags.truth("enable-capacity", Presence.OFF, "publish how much room there is, and where");
    var workers = flags.count("capacity-threads", 1, "GetCapacity calls at the same time");
    flags.require(workers > 0, "capacity-threads", "a whole number, 1 or more (default 1)");
    var poll =
        flags.duration(
            "capacity-poll-interval", Duration.ofMinutes(1), "how often all is asked anew");
    flags.require(!poll.isZero(), "capacity-poll-interval", "longer than 0 (default 1m)");
    var immediate =
        flags.truth(
            "capacity-for-immediate-binding",
            Presence.OFF,
            "for classes without late binding, too");
    var levelText =
        flags.text(
            "capacity-ownerref-level",
            "1",
            "whose the objects are: -1 nobody's, 0 the pod's, 1 its controller's, and so on");
    var wellFormed = levelText.matches("-1|\\d");
    flags.require(
        wellFormed, "capacity-ownerref-level", "-1 to %d (default 1)".formatted(LEVEL_MAX));
    var level = wellFormed ? Integer.parseInt(levelText) : 1;
    var pacing = pacing(flags);
    if (!enabled) {
      return Optional.empty();
    }
    flags.require(
        !here.namespace().isEmpty(),
        "enable-capacity",
        "given with the pod's namespace in the environment variable NAMESPACE");
    flags.require(
        level < 0 || !here.pod().isEmpty(),
        "enable-capacity",
        "given with the pod's name in the environment variable POD_NAME, unless"
            + " --capacity-ownerref-level=-1");
    return Optional.of(
        new CapacityOptions(workers, poll, immediate, level, here.namespace(), here.pod(), pacing));
  }

  private static PacingOptions pacing(Flags flags) {
    var text =
        flags.text(
            "kube-api-capacity-qps",
            "",
            "requests per second for these objects alone; empty for no limit");
    var burst = flags.count("kube-api-capacity-burst", 5, "requests at once, with a limit");
    var wellFormed = text.isEmpty() || text.matches("\\d{1,6}(\\.\\d{1,6})?");
    flags.require(wellFormed, "kube-api-capacity-qps", "a number such as 1 or 7.5");
    if (text.isEmpty() || !wellFormed || new BigDecimal(text).signum() == 0) {
      return new PacingOptions.Unlimited();
    }
    var nanos = (long) (Duration.ofSeconds(1).toNanos() / Double.parseDouble(text));
    return new PacingOptions.Limited(Duration.ofNanos(nanos), Math.max(burst, 1));
  }
}
