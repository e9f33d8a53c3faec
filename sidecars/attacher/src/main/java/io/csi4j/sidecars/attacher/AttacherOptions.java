package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan.Connections;
import java.time.Duration;

/** Flags of {@code csi4j attacher}; names and defaults are those of external-attacher 4.12. */
record AttacherOptions(
    Connections connections, int workers, BackOff backOff, String defaultFsType) {

  static AttacherOptions from(Flags flags) {
    var connections = Connections.from(flags, Duration.ofSeconds(15));
    var workers = flags.count("worker-threads", 10, "attachments worked on at the same time");
    flags.require(workers > 0, "worker-threads", "a whole number, 1 or more (default 10)");
    var backOff = flags.backOff();
    var fsType = flags.text("default-fstype", "", "file system of a volume that does not name one");
    flags.ignored("automaxprocs");
    flags.throwIfAnyProblem();
    return new AttacherOptions(connections, workers, backOff, fsType);
  }
}
