package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.explain.Appendix;
import io.csi4j.sidecars.kit.explain.Explanation;
import io.csi4j.sidecars.kit.explain.Form;
import io.csi4j.sidecars.kit.journal.JournalReader;
import io.csi4j.sidecars.kit.options.Flags;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what the provisioner sees in one object and would do next, and ends. */
final class ExplainComponent implements Component {
  private static final Duration DRIVER_LIMIT = Duration.ofSeconds(2);

  private final Subject subject;
  private final ObjectKey key;
  private final Form form;
  private final ProvisionerOptions options;
  private final Time time;
  private final Appendix appendix;
  private final Consumer<String> out;

  /** What can be explained. */
  enum Subject {
    CLAIM,
    VOLUME
  }

  /** How it is told, and what else belongs to it. */
  record Telling(Appendix appendix, Consumer<String> out) {}

  ExplainComponent(Subject subject, Flags flags, Time time, Telling telling) {
    this.subject = subject;
    this.time = time;
    this.appendix = telling.appendix();
    this.out = telling.out();
    var name = flags.requiredText("name", "which one: NAMESPACE/NAME of a claim, NAME of a volume");
    var slash = name.indexOf('/');
    flags.require(
        subject == Subject.CLAIM ? slash > 0 : slash < 0,
        "name",
        subject == Subject.CLAIM ? "NAMESPACE/NAME" : "NAME");
    this.key = new ObjectKey(name.substring(0, Math.max(slash, 0)), name.substring(slash + 1));
    this.form = Form.from(flags);
    this.options = ProvisionerOptions.from(flags, Surroundings.ofThisProcess());
  }

  @Override
  public void run() throws InterruptedException {
    var config = KubeConfig.load(options.connections().kubeconfig());
    try (var cluster = new ApiCluster(config, "csi4j-explain", time);
        var connection = new DriverConnection(options.connections().driver(), time)) {
      var asked = ask(connection);
      var identity = asked.orElseGet(() -> assumed(cluster));
      var driver = connection.driver(options.connections().timeout(), options.work().inDoubt());
      var explanation = explain(cluster, identity, new Known(driver, asked.isPresent()));
      out.accept(form.of(explanation));
    }
  }

  private record Known(Driver driver, boolean asked) {}

  private Explanation explain(ApiCluster cluster, DriverIdentity identity, Known known)
      throws InterruptedException {
    var traits = new DriverTraits(identity);
    var view = new ClusterView(cluster, traits, null);
    cluster.start();
    cluster.awaitSynced();
    var recipe = Provisioner.recipe(traits, options, time);
    var lease = Provisioner.plan(options, time).leaseOf(traits.name(), Pod.ofThisProcess());
    var explainer =
        new Explainer(
            new Explainer.Play(
                new Explainer.Sources(
                    cluster, known.driver(), new JournalReader(cluster, lease), time),
                view,
                traits,
                recipe,
                known.asked()),
            options);
    var explanation = subject == Subject.CLAIM ? explainer.claim(key) : explainer.volume(key);
    var volume = volumeName(cluster);
    return volume.isEmpty()
        ? explanation
        : explanation.with(appendix.about(cluster, identity, volume));
  }

  /** Empty while there is none. */
  private String volumeName(ApiCluster cluster) {
    return subject == Subject.VOLUME
        ? key.name()
        : cluster.read(Claim.KIND, key).map(Claim::volumeName).orElse("");
  }

  /** Empty where the driver is not here: the objects alone must do. */
  private Optional<DriverIdentity> ask(DriverConnection connection) {
    try {
      connection.awaitConnected(DRIVER_LIMIT);
      return Optional.of(connection.identify(options.connections().timeout()));
    } catch (DriverFault _) {
      return Optional.empty();
    }
  }

  /** The driver that the object names, able to do everything that some driver can. */
  private DriverIdentity assumed(ApiCluster cluster) {
    var name = subject == Subject.CLAIM ? provisionerOfClaim(cluster) : driverOfVolume(cluster);
    Set<Integer> controller =
        Stream.of(RPC.Type.values())
            .filter(type -> type != RPC.Type.UNRECOGNIZED)
            .map(RPC.Type::getNumber)
            .collect(Collectors.toSet());
    var hasPlaces =
        cluster.list(CsiNode.KIND).stream()
            .map(node -> node.driver(name))
            .anyMatch(entry -> entry != null && !entry.topologyKeys().isEmpty());
    return new DriverIdentity(
        name,
        hasPlaces
            ? Set.of(
                Service.Type.CONTROLLER_SERVICE.getNumber(),
                Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS.getNumber())
            : Set.of(Service.Type.CONTROLLER_SERVICE.getNumber()),
        controller);
  }

  private String provisionerOfClaim(ApiCluster cluster) {
    return cluster
        .read(Claim.KIND, key)
        .map(ClaimFacts::className)
        .filter(name -> !name.isEmpty())
        .flatMap(name -> cluster.read(StorageClass.KIND, ObjectKey.cluster(name)))
        .map(StorageClass::provisioner)
        .orElse("unknown");
  }

  private String driverOfVolume(ApiCluster cluster) {
    return cluster
        .read(Volume.KIND, key)
        .flatMap(volume -> Optional.ofNullable(volume.csi()))
        .map(Volume.Csi::driver)
        .orElse("unknown");
  }

  @Override
  public void close() {
    // It ends by itself, and soon.
  }
}
