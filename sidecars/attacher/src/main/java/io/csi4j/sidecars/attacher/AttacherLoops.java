package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttacherOptions.Working;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.queue.InOrder;
import io.csi4j.sidecars.kit.queue.QueueObserver;
import io.csi4j.sidecars.kit.queue.Turns;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop.Queueing;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.util.ArrayList;
import java.util.List;

/** The parts of an attacher put together, for a driver that publishes and for one that does not. */
final class AttacherLoops implements Controllers {
  /** For what calls no driver. */
  private static final int WRITERS_MAX = 10;

  private final DriverTraits traits;
  private final Working options;
  private final Doors doors;
  private final AttachmentWriter writer;
  private final List<ReconcileLoop> loops = new ArrayList<>();

  /**
   * All that the loops reach the world by.
   *
   * @param yielding the same cluster, for what no pod waits for
   */
  record Doors(
      Cluster cluster,
      Cluster yielding,
      Driver driver,
      Time time,
      Metrics metrics,
      QueueMetrics queues) {}

  private AttacherLoops(DriverTraits traits, Working options, Doors doors) {
    this.traits = traits;
    this.options = options;
    this.doors = doors;
    this.writer = writer(doors.cluster());
  }

  private AttachmentWriter writer(Cluster through) {
    return new AttachmentWriter(
        through, doors.time(), traits.names().finalizer(), options.errorCodes());
  }

  /** The tables that the loops will ask for. */
  static void tables(DriverTraits traits, Cluster cluster) {
    if (traits.publishes()) {
      AttachmentView.tables(cluster);
    } else {
      cluster.table(Attachment.KIND);
    }
  }

  static AttacherLoops of(DriverTraits traits, Working options, Doors doors) {
    var loops = new AttacherLoops(traits, options, doors);
    if (traits.publishes()) {
      loops.publish();
    } else {
      loops.acknowledge();
    }
    return loops;
  }

  @Override
  public void start() {
    loops.forEach(ReconcileLoop::start);
  }

  /** Drains: what a worker has in hand is finished first, within the loop's limit. */
  @Override
  public void close() {
    loops.reversed().forEach(ReconcileLoop::close);
  }

  private void publish() {
    var doubts = new Doubts();
    var view = new AttachmentView(doors.cluster(), traits, doubts);
    var metrics = new PaceMetrics(doors.metrics());
    var pace = pace(metrics);
    var turns = new FairTurns(view::place, pace);
    var attachments = loop("csi-attacher-va", attaching(view, doubts, pace), turns);
    var volumes =
        loop(
            "csi-attacher-pv",
            new VolumeReconciler(view, writer(doors.yielding()), traits.names().finalizer()),
            new InOrder<>(WRITERS_MAX));
    new Wakes(new WakeRules(traits.names()), view, doubts, attachments::add, volumes::add).listen();
    if (traits.lists()) {
      list(view, new ListReconciler.Work(turns::isWorking, attachments::add, metrics));
    }
  }

  private Pace pace(PaceMetrics metrics) {
    return options.workers().isPresent()
        ? Pace.fixed(options.workers().getAsInt(), metrics)
        : Pace.learned(metrics);
  }

  private AttachmentReconciler attaching(AttachmentView view, Doubts doubts, Pace pace) {
    var requests = new PublishRequests(traits, options.defaultFsType());
    var calls = new DriverCalls(doors.driver(), requests, pace, doors.time());
    var reports = Reports.toLog();
    var patience = new Patience(doors.time());
    return new AttachmentReconciler(
        view,
        new AttachShell(view, writer, calls, reports, patience),
        new DetachShell(
            new AttachmentView(doors.yielding(), traits, doubts),
            writer(doors.yielding()),
            calls,
            reports,
            patience),
        patience);
  }

  private void list(AttachmentView view, ListReconciler.Work work) {
    var lister = new VolumeLister(doors.driver(), options.listings().entriesPerPage());
    var reconciler =
        new ListReconciler(lister, view, work, options.listings().interval(), doors.time());
    var loop =
        new ReconcileLoop(
            "csi4j-attacher-list",
            reconciler,
            doors.time(),
            new Queueing(new InOrder<>(1), options.backOff(), QueueObserver.NOBODY));
    loops.add(loop);
    loop.add(ListReconciler.KEY);
  }

  /** No volume is looked at, so none is watched. */
  private void acknowledge() {
    var table = doors.cluster().table(Attachment.KIND);
    var reconciler = new TrivialReconciler(table, writer, traits.names().driver());
    var attachments = loop("csi-attacher-va", reconciler, new InOrder<>(WRITERS_MAX));
    table.onChange(
        (before, after) -> {
          var either = after == null ? before : after;
          if (either != null) {
            attachments.add(either.key());
          }
        });
  }

  private ReconcileLoop loop(String name, Reconciler reconciler, Turns<ObjectKey> turns) {
    var queueing = new Queueing(turns, options.backOff(), doors.queues().of(name));
    var loop = new ReconcileLoop(name, reconciler, doors.time(), queueing);
    loops.add(loop);
    return loop;
  }
}
