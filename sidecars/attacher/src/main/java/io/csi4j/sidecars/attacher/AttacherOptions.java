package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop.Limits;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan.Connections;
import java.time.Duration;
import java.util.List;

/** Flags of {@code csi4j attacher}; names and defaults are those of external-attacher 4.12. */
record AttacherOptions(Connections connections, Working working) {

  /** How the work is done, wherever driver and cluster are. */
  record Working(Limits limits, String defaultFsType) {}

  /**
   * Upstream's flags that change nothing that a user could notice: there is no resync, no
   * ListVolumes reconciliation to be tuned, and no message of the driver is logged.
   */
  private static final List<String> HARMLESS =
      List.of("resync", "reconcile-sync", "max-entries", "max-grpc-log-length", "automaxprocs");

  static AttacherOptions from(Flags flags) {
    var connections = Connections.from(flags, Duration.ofSeconds(15));
    flags.require(!connections.timeout().isZero(), "timeout", "longer than 0 (default 15s)");
    var workers = flags.count("worker-threads", 10, "attachments worked on at the same time");
    flags.require(workers > 0, "worker-threads", "a whole number, 1 or more (default 10)");
    var limits = new Limits(workers, flags.backOff());
    var fsType = flags.text("default-fstype", "", "file system of a volume that does not name one");
    HARMLESS.forEach(flags::ignored);
    flags.throwIfAnyProblem();
    return new AttacherOptions(connections, new Working(limits, fsType));
  }
}
