package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttacherOptions.Working;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.util.List;

/** The parts of an attacher put together, for a driver that publishes and for one that does not. */
record AttacherLoops(List<ReconcileLoop> loops) implements Controllers {

  /** All that the loops reach the world by. */
  record Doors(Cluster cluster, Driver driver, Time time, QueueMetrics queues) {}

  static AttacherLoops of(DriverTraits traits, Working options, Doors doors) {
    return traits.publishes()
        ? publishing(traits, options, doors)
        : acknowledging(traits, options, doors);
  }

  @Override
  public void start() {
    loops.forEach(ReconcileLoop::start);
  }

  /** Drains: what a worker has in hand is finished first, within the loop's limit. */
  @Override
  public void close() {
    loops.forEach(ReconcileLoop::close);
  }

  private static AttacherLoops publishing(DriverTraits traits, Working options, Doors doors) {
    var finalizer = traits.names().finalizer();
    var view = new AttachmentView(doors.cluster(), traits);
    var writer = new AttachmentWriter(doors.cluster(), doors.time(), finalizer);
    var requests = new PublishRequests(traits, options.defaultFsType());
    var attachments =
        loop(
            "csi-attacher-va",
            new AttachmentReconciler(view, writer, doors.driver(), requests),
            options,
            doors);
    var volumes =
        loop("csi-attacher-pv", new VolumeReconciler(view, writer, finalizer), options, doors);
    new Wakes(new WakeRules(traits.names()), view, attachments::add, volumes::add).listen();
    return new AttacherLoops(List.of(attachments, volumes));
  }

  /** No volume is looked at, so none is watched. */
  private static AttacherLoops acknowledging(DriverTraits traits, Working options, Doors doors) {
    var table = doors.cluster().table(Attachment.KIND);
    var writer = new AttachmentWriter(doors.cluster(), doors.time(), traits.names().finalizer());
    var reconciler = new TrivialReconciler(table, writer, traits.names().driver());
    var attachments = loop("csi-attacher-va", reconciler, options, doors);
    table.onChange(
        (before, after) -> {
          var either = after == null ? before : after;
          if (either != null) {
            attachments.add(either.key());
          }
        });
    return new AttacherLoops(List.of(attachments));
  }

  private static ReconcileLoop loop(
      String name, Reconciler reconciler, Working options, Doors doors) {
    return new ReconcileLoop(
        name, reconciler, doors.time(), options.limits(), doors.queues().of(name));
  }
}
