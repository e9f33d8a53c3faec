package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import io.csi4j.sidecars.kit.sidecar.Controllers.World;
import io.csi4j.sidecars.kit.sidecar.DriverSidecar;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  public static Component of(Flags flags, Time time) {
    var options = AttacherOptions.from(flags);
    var plan =
        new SidecarPlan(
            "csi4j-attacher",
            driver -> "external-attacher-leader-" + driver,
            IN_DOUBT,
            options.connections());
    return new DriverSidecar(plan, time, world -> loops(world, options, time));
  }

  private static Loops loops(World world, AttacherOptions options, Time time) {
    var names = new AttacherNames(world.identity().name());
    var view = new AttachmentView(world.cluster(), names);
    var writer = new AttachmentWriter(world.cluster(), time, names.finalizer());
    var publishes = world.identity().controller().contains(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE);
    var reconciler =
        publishes
            ? new AttachmentReconciler(
                view,
                writer,
                world.driver(),
                new PublishRequests(world.identity(), options.defaultFsType()))
            : new TrivialReconciler(view, writer);
    var limits = new ReconcileLoop.Limits(options.workers(), options.backOff());
    var attachments = "csi-attacher-va";
    var volumes = "csi-attacher-pv";
    var loops =
        new Loops(
            new ReconcileLoop(
                attachments, reconciler, time, limits, world.queues().of(attachments)),
            new ReconcileLoop(
                volumes,
                new VolumeReconciler(view, writer, names.finalizer()),
                time,
                limits,
                world.queues().of(volumes)));
    wake(view, loops);
    return loops;
  }

  private static void wake(AttachmentView view, Loops loops) {
    view.attachments()
        .onChange(
            (before, after) -> {
              if (after == null) {
                var volume = before == null ? null : before.volumeName();
                if (volume != null) {
                  loops.volumes().add(ObjectKey.cluster(volume));
                }
              } else if (!onlyErrorsDiffer(before, after)) {
                loops.attachments().add(after.key());
              }
            });
    view.volumes()
        .onChange(
            (_, after) -> {
              if (after != null) {
                loops.volumes().add(after.key());
                view.attachmentsOf(after.meta().name())
                    .forEach(each -> loops.attachments().add(each.key()));
              }
            });
    view.nodes()
        .onChange(
            (before, after) -> {
              if (after != null && (before == null || !before.drivers().equals(after.drivers()))) {
                view.attachments()
                    .by(AttachmentView.BY_NODE, after.meta().name())
                    .forEach(each -> loops.attachments().add(each.key()));
              }
            });
  }

  /** Our own report of a failure must not defeat the pause that the failure earned. */
  static boolean onlyErrorsDiffer(@Nullable Attachment before, Attachment after) {
    if (before == null
        || (before.attachError().isEmpty()
            && after.attachError().isEmpty()
            && before.detachError().isEmpty()
            && after.detachError().isEmpty())) {
      return false;
    }
    return before.withoutReports().equals(after.withoutReports());
  }

  private record Loops(ReconcileLoop attachments, ReconcileLoop volumes) implements Controllers {
    @Override
    public void start() {
      attachments.start();
      volumes.start();
    }

    @Override
    public void close() {
      attachments.close();
      volumes.close();
    }
  }
}
