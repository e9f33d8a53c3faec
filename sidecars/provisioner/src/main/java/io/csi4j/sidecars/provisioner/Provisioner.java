package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.explain.Appendix;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import io.csi4j.sidecars.kit.sidecar.Controllers.World;
import io.csi4j.sidecars.kit.sidecar.DriverSidecar;
import io.csi4j.sidecars.kit.sidecar.SidecarPart;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan;
import java.util.UUID;
import java.util.function.Consumer;

/** The provisioner: what it adds to what all sidecars have in common. */
public final class Provisioner {
  private static final int IDENTITY_BOUND = 10_000;

  private Provisioner() {}

  /** From these its RBAC rules are made. */
  public static Needs needs() {
    return ProvisionerNeeds.ALL;
  }

  public static Component of(Flags flags, Time time) {
    return new DriverSidecar(part(flags, time), time);
  }

  /** The provisioner as a part of a process that holds others, too. */
  public static SidecarPart part(Flags flags, Time time) {
    var options = ProvisionerOptions.from(flags, Surroundings.ofThisProcess());
    return new SidecarPart(plan(options, time), new Builder(options, time));
  }

  private record Builder(ProvisionerOptions options, Time time) implements Controllers.Builder {
    @Override
    public Controllers build(World world) {
      return controllers(world, options, time);
    }

    @Override
    public void tables(DriverIdentity identity, Cluster cluster) {
      var traits = new DriverTraits(identity);
      ClusterView.tables(cluster, traits, watchesNodes(traits, options));
    }
  }

  private static boolean watchesNodes(DriverTraits traits, ProvisionerOptions options) {
    return options.nodeLoss().isPresent()
        || (options.node().isEmpty() && (traits.topology() || options.capacity().isPresent()));
  }

  /**
   * Says what is seen in a claim and would be done next, from the same code, and does nothing.
   *
   * @param appendix what others have to say of its volume
   */
  public static Component claimExplainer(
      Flags flags, Time time, Appendix appendix, Consumer<String> out) {
    return new ExplainComponent(
        ExplainComponent.Subject.CLAIM, flags, time, new ExplainComponent.Telling(appendix, out));
  }

  /** The same for a volume. */
  public static Component volumeExplainer(
      Flags flags, Time time, Appendix appendix, Consumer<String> out) {
    return new ExplainComponent(
        ExplainComponent.Subject.VOLUME, flags, time, new ExplainComponent.Telling(appendix, out));
  }

  static SidecarPlan plan(ProvisionerOptions options, Time time) {
    var host = Pod.ofThisProcess().hostName();
    return new SidecarPlan(
        "csi4j-provisioner",
        driver -> options.node().map(node -> driver + "-" + node.node()).orElse(driver),
        driver -> "%s_%s_%s".formatted(driver, host, uuid(time)),
        options.work().inDoubt(),
        options.connections());
  }

  static Recipe recipe(DriverTraits traits, ProvisionerOptions options, Time time) {
    var objects =
        new VolumeObject(
            traits.name(),
            identity(traits, options, time),
            options.shaping().readOnly(),
            traits.topology() && options.gates().topology(),
            options.shaping().labels().copied());
    return new Recipe(
        options.gates(),
        options.placing(),
        new VolumeRequest(options.naming(), options.shaping(), traits.dialect()),
        objects,
        options.shaping().limits());
  }

  /** The same controllers over any doors, by the same flags. */
  public static Controllers controllers(World world, Flags flags, Surroundings here, Time time) {
    return controllers(world, ProvisionerOptions.from(flags, here), time);
  }

  private static Controllers controllers(World whole, ProvisionerOptions options, Time time) {
    var world = whole.within(ProvisionerNeeds.ALL);
    var traits = new DriverTraits(world.identity());
    var local = options.node().map(node -> local(world, node)).orElse(null);
    var view = new ClusterView(world.cluster(), traits, local, watchesNodes(traits, options));
    var recipe = recipe(traits, options, time);
    return new ProvisionerControllers(
        world, time, new ProvisionerControllers.Setting(traits, view, recipe, options));
  }

  private static LocalNode local(World world, NodeOptions node) {
    return switch (world.driver().nodeGetInfo(NodeGetInfoRequest.getDefaultInstance())) {
      case Outcome.Done(var info) -> LocalNode.of(node.node(), info, node.contests());
      case Outcome.Refused(_, var message) -> throw noInfo(message);
      case Outcome.InDoubt(_, var message) -> throw noInfo(message);
      case Outcome.NotReached(var message) -> throw noInfo(message);
    };
  }

  private static Component.Fatal noInfo(String message) {
    return new Component.Fatal("--node-deployment: the driver's NodeGetInfo failed: " + message);
  }

  /** Says in each volume which process has made it; of no other use. */
  private static String identity(DriverTraits traits, ProvisionerOptions options, Time time) {
    return "%d-%d-%s%s"
        .formatted(
            time.now().toEpochMilli(),
            time.random().nextInt(IDENTITY_BOUND),
            traits.name(),
            options.node().map(node -> "-" + node.node()).orElse(""));
  }

  private static UUID uuid(Time time) {
    return new UUID(time.random().nextLong(), time.random().nextLong());
  }
}
