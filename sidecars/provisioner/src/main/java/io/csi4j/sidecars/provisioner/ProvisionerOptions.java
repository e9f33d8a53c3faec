package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan.Connections;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Flags of {@code csi4j provisioner}; names and defaults are those of external-provisioner 6.3. */
record ProvisionerOptions(
    Connections connections,
    WorkOptions work,
    Gates gates,
    Naming naming,
    Placing placing,
    ShapingOptions shaping,
    Optional<CapacityOptions> capacity,
    Optional<NodeOptions> node,
    Optional<NodeLossOptions> nodeLoss) {
  private static final int UUID_LENGTH_MAX = 32;

  /** What volumes are called; {@code uuidLength} is 0 for the whole UID with its dashes. */
  record Naming(String prefix, int uuidLength) {}

  /** How much of the cluster's topology the driver is told. */
  record Placing(boolean strict, boolean immediate) {}

  static ProvisionerOptions from(Flags flags, Surroundings here) {
    var options =
        new ProvisionerOptions(
            Connections.from(flags, Duration.ofSeconds(10)),
            WorkOptions.from(flags),
            Gates.from(flags),
            naming(flags),
            placing(flags),
            ShapingOptions.from(flags),
            CapacityOptions.from(flags, here),
            NodeOptions.from(flags, here),
            NodeLossOptions.from(flags));
    flags.require(
        options.node().isEmpty() || !options.connections().election().enabled(),
        "node-deployment",
        "given without --leader-election: the lease would leave one node at work");
    oldOnes(flags);
    flags.throwIfAnyProblem();
    return options;
  }

  private static Naming naming(Flags flags) {
    var prefix = flags.text("volume-name-prefix", "pvc", "begins the name of each volume");
    flags.require(
        prefix.matches("[a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?"),
        "volume-name-prefix",
        "a name of a-z, 0-9, - and ., not empty (default pvc)");
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

  /** What manifests for the Go tool may still say. */
  private static void oldOnes(Flags flags) {
    for (var name :
        List.of(
            "enable-pprof",
            "automaxprocs",
            "vmodule",
            "log-flush-frequency",
            "log-json-info-buffer-size",
            "log-json-split-stream",
            "log-text-info-buffer-size",
            "log-text-split-stream")) {
      flags.ignored(name);
    }
    removed(flags, "master", "left out: the server is that of --kubeconfig");
    removed(flags, "provisioner", "left out: the driver itself says what it is called");
    removed(flags, "connection-timeout", "left out: the driver is waited for as long as it takes");
    removed(flags, "enable-leader-election", "left out: it is called --leader-election");
    removed(flags, "leader-election-type", "left out: there are leases only");
    removed(
        flags,
        "capacity-controller-deployment-mode",
        "left out: say --enable-capacity, on each node with --node-deployment");
  }

  private static void removed(Flags flags, String name, String instead) {
    flags.require(flags.text(name, "", instead).isEmpty(), name, instead);
  }
}
