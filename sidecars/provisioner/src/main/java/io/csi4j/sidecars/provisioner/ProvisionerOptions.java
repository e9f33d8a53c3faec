package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.lease.ElectionOptions;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import io.csi4j.sidecars.kit.pacing.PacingOptions;
import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;

/** Flags of {@code csi4j provisioner}; names and defaults are those of external-provisioner 6.3. */
record ProvisionerOptions(
    SocketAddress csiAddress,
    String kubeconfig,
    Duration timeout,
    int workers,
    BackOff backOff,
    ElectionOptions election,
    PacingOptions pacing,
    Naming naming,
    Placing placing,
    Shaping shaping) {
  private static final int UUID_LENGTH_MAX = 32;

  /** What volumes are called; {@code uuidLength} is 0 for the whole UID with its dashes. */
  record Naming(String prefix, int uuidLength) {}

  /** How much of the cluster's topology the driver is told. */
  record Placing(boolean strict, boolean immediate) {}

  /** What a volume gets that neither claim nor class asked for. */
  record Shaping(String defaultFsType, boolean extraMetadata, boolean readOnly) {}

  static ProvisionerOptions from(Flags flags) {
    var address = flags.address("csi-address", "/run/csi/socket", "socket of the CSI driver");
    var kubeconfig =
        flags.text("kubeconfig", "", "how to reach the API server; empty inside a pod");
    var timeout =
        flags.duration("timeout", Duration.ofSeconds(10), "limit of each call to the driver");
    var workers =
        flags.count("worker-threads", 100, "claims, and again volumes, worked on at the same time");
    flags.require(workers > 0, "worker-threads", "a whole number, 1 or more (default 100)");
    var backOff = flags.backOff();
    var options =
        new ProvisionerOptions(
            address,
            kubeconfig,
            timeout,
            workers,
            backOff,
            ElectionOptions.from(flags),
            PacingOptions.from(flags),
            naming(flags),
            placing(flags),
            shaping(flags));
    flags.ignored("enable-pprof");
    flags.ignored("automaxprocs");
    flags.throwIfAnyProblem();
    return options;
  }

  private static Naming naming(Flags flags) {
    var prefix = flags.text("volume-name-prefix", "pvc", "begins the name of each volume");
    flags.require(!prefix.isEmpty(), "volume-name-prefix", "a name, not empty (default pvc)");
    var length =
        flags.text(
            "volume-name-uuid-length",
            "-1",
            "how much of the claim's UID ends the name; -1 for all of it, dashes included");
    var whole = length.equals("-1");
    var cut = length.matches("\\d{1,2}") ? Integer.parseInt(length) : 0;
    flags.require(
        whole || (cut >= 1 && cut <= UUID_LENGTH_MAX),
        "volume-name-uuid-length",
        "-1 or 1 to 32 (default -1)");
    return new Naming(prefix, whole ? 0 : cut);
  }

  private static Placing placing(Flags flags) {
    return new Placing(
        flags.truth(
            "strict-topology", Presence.OFF, "late binding: name the selected node's place only"),
        flags.truth(
            "immediate-topology", Presence.ON, "immediate binding: name all places there are"));
  }

  private static Shaping shaping(Flags flags) {
    return new Shaping(
        flags.text("default-fstype", "", "file system where the class does not name one"),
        flags.truth(
            "extra-create-metadata", Presence.OFF, "tell the driver the names of claim and volume"),
        flags.truth(
            "controller-publish-readonly",
            Presence.OFF,
            "volumes of read-only claims are attached read-only"));
  }
}
