package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.lease.ElectionOptions;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.pacing.PacingOptions;
import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;

/** Flags of {@code csi4j attacher}; names and defaults are those of external-attacher 4.12. */
record AttacherOptions(
    SocketAddress csiAddress,
    String kubeconfig,
    Duration timeout,
    int workers,
    BackOff backOff,
    ElectionOptions election,
    PacingOptions pacing,
    String defaultFsType) {

  static AttacherOptions from(Flags flags) {
    var address = flags.address("csi-address", "/run/csi/socket", "socket of the CSI driver");
    var kubeconfig =
        flags.text("kubeconfig", "", "how to reach the API server; empty inside a pod");
    var timeout =
        flags.duration("timeout", Duration.ofSeconds(15), "limit of each call to the driver");
    var workers = flags.count("worker-threads", 10, "attachments worked on at the same time");
    flags.require(workers > 0, "worker-threads", "a whole number, 1 or more (default 10)");
    var backOff = flags.backOff();
    var fsType = flags.text("default-fstype", "", "file system of a volume that does not name one");
    var election = ElectionOptions.from(flags);
    var pacing = PacingOptions.from(flags);
    flags.ignored("automaxprocs");
    flags.throwIfAnyProblem();
    return new AttacherOptions(
        address, kubeconfig, timeout, workers, backOff, election, pacing, fsType);
  }
}
