package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import io.csi4j.sidecars.kit.options.LabelSyntax;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan.Connections;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Flags of {@code csi4j provisioner}; names and defaults are those of external-provisioner 6.3. */
record ProvisionerOptions(
    Connections connections,
    Work work,
    Gates gates,
    Naming naming,
    Placing placing,
    Shaping shaping,
    Optional<CapacityOptions> capacity,
    Optional<NodeOptions> node,
    Optional<NodeLossOptions> nodeLoss) {
  private static final int UUID_LENGTH_MAX = 32;
  private static final int WORKERS = 100;
  private static final int PERCENT_MAX = 100;

  /**
   * How much is done at once and how often.
   *
   * @param workersGiven what the user says; where that is nothing, the driver's calls may be fewer
   *     than {@code workers} allow
   * @param inDoubt after which answers a volume may be there all the same
   */
  record Work(
      int workers,
      OptionalInt workersGiven,
      BackOff backOff,
      int cloneWorkers,
      Duration sweep,
      Set<Code> inDoubt) {}

  /** What volumes are called; {@code uuidLength} is 0 for the whole UID with its dashes. */
  record Naming(String prefix, int uuidLength) {}

  /** How much of the cluster's topology the driver is told. */
  record Placing(boolean strict, boolean immediate) {}

  /** What a volume gets that neither claim nor class asked for. */
  record Shaping(
      String defaultFsType,
      boolean extraMetadata,
      boolean readOnly,
      SourceCheck.Limits limits,
      Labels labels) {}

  /**
   * Labels of claims that are of use to others; only those that are named, because their values are
   * the users'.
   *
   * @param told to the driver, as parameters
   * @param copied to the volume's object
   * @param namespace what is told of the claim's namespace besides
   */
  record Labels(List<String> told, List<String> copied, NamespaceKeys namespace) {
    static final Labels NONE = new Labels(List.of(), List.of(), NamespaceKeys.NONE);
  }

  static ProvisionerOptions from(Flags flags, Surroundings here) {
    var options =
        new ProvisionerOptions(
            Connections.from(flags, Duration.ofSeconds(10)),
            work(flags),
            Gates.from(flags),
            naming(flags),
            placing(flags),
            shaping(flags),
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

  private static Work work(Flags flags) {
    var given = workers(flags);
    var cloneWorkers =
        flags.count("cloning-protection-threads", 1, "sources of clones looked at the same time");
    flags.require(
        cloneWorkers > 0, "cloning-protection-threads", "a whole number, 1 or more (default 1)");
    return new Work(
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

  private static Shaping shaping(Flags flags) {
    return new Shaping(
        flags.text("default-fstype", "", "file system where the class does not name one"),
        flags.truth(
            "extra-create-metadata", Presence.OFF, "tell the driver the names of claim and volume"),
        flags.truth(
            "controller-publish-readonly",
            Presence.OFF,
            "volumes of read-only claims are attached read-only"),
        new SourceCheck.Limits(
            flags.truth(
                "prevent-volume-mode-conversion",
                Presence.ON,
                "restored volumes have the mode of the snapshot's source, unless the snapshot's content"
                    + " allows another"),
            flags.truth(
                "round-up-restores",
                Presence.OFF,
                "claims smaller than their snapshot get a volume of the snapshot's size instead of"
                    + " an error")),
        new Labels(
            keys(
                flags,
                "extra-create-metadata-labels",
                "keys of claims' labels that the driver is told, by commas; off if empty"),
            keys(
                flags,
                "copy-claim-labels",
                "keys of claims' labels that volumes get, by commas; off if empty"),
            namespaceKeys(flags)));
  }

  private static NamespaceKeys namespaceKeys(Flags flags) {
    return new NamespaceKeys(
        keys(
            flags,
            "extra-create-metadata-namespace-labels",
            "keys of labels of claims' namespaces that the driver is told, by commas; needs get on"
                + " namespaces; off if empty"),
        keys(
            flags,
            "extra-create-metadata-namespace-annotations",
            "the same for their annotations"));
  }

  private static List<String> keys(Flags flags, String name, String help) {
    var text = flags.text(name, "", help);
    var keys =
        Stream.of(text.split(",", -1)).map(String::strip).filter(key -> !key.isEmpty()).toList();
    flags.require(
        keys.stream().allMatch(LabelSyntax::isKey),
        name,
        "keys of labels or annotations, by commas, such as team,example.com/cost-center");
    return keys;
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
