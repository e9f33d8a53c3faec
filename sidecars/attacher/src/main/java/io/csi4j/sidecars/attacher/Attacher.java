package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttachmentStory.Told;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.explain.Appendix;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import io.csi4j.sidecars.kit.sidecar.Controllers.World;
import io.csi4j.sidecars.kit.sidecar.DriverSidecar;
import io.csi4j.sidecars.kit.sidecar.SidecarPart;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The attacher: what it adds to what all sidecars have in common. */
public final class Attacher {

  /** After these an attachment may still come true. */
  static final Set<Code> IN_DOUBT =
      Set.of(
          Code.CANCELED,
          Code.DEADLINE_EXCEEDED,
          Code.RESOURCE_EXHAUSTED,
          Code.ABORTED,
          Code.UNAVAILABLE);

  private Attacher() {}

  /** From these its RBAC rules are made. */
  public static Needs needs() {
    return AttacherNeeds.ALL;
  }

  public static Component of(Flags flags, Time time) {
    return new DriverSidecar(part(flags, time), time);
  }

  /** The attacher as a part of a process that holds others, too. */
  public static SidecarPart part(Flags flags, Time time) {
    var options = AttacherOptions.from(flags);
    var plan =
        new SidecarPlan(
            "csi4j-attacher",
            driver -> "external-attacher-leader-" + driver,
            IN_DOUBT,
            options.connections());
    return new SidecarPart(plan, new Builder(options, time));
  }

  private record Builder(AttacherOptions options, Time time) implements Controllers.Builder {
    @Override
    public Controllers build(World world) {
      return controllers(world, options, time);
    }

    @Override
    public void tables(DriverIdentity identity, Cluster cluster) {
      AttacherLoops.tables(DriverTraits.of(identity), cluster);
    }
  }

  /** The same controllers over any doors, by the same flags. */
  public static Controllers controllers(World world, Flags flags, Time time) {
    return controllers(world, AttacherOptions.from(flags), time);
  }

  /**
   * Says what has become of an attachment and what comes next, from the same code; writes nothing
   * and attaches nothing.
   */
  public static Component explainer(Flags flags, Time time, Consumer<String> out) {
    return new ExplainComponent(flags, time, out);
  }

  /** The same of a volume's attachments, by the attacher's defaults, after what others say. */
  public static Appendix appendix(Time time) {
    var working = AttacherOptions.from(Flags.parse(List.of())).working();
    return (cluster, driver, volume) ->
        ExplainComponent.ofVolume(cluster, new Told(driver, true, working), time, volume);
  }

  private static Controllers controllers(World whole, AttacherOptions options, Time time) {
    var world = whole.within(AttacherNeeds.ALL);
    return AttacherLoops.of(
        DriverTraits.of(world.identity()),
        options.working(),
        new AttacherLoops.Doors(
            world.cluster(),
            world.yielding(),
            world.driver(),
            time,
            world.metrics(),
            world.queues()));
  }
}
