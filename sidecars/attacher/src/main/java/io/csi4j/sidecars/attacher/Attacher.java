package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.lease.Election;
import io.csi4j.sidecars.kit.lease.Leadership;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attacher: knows the driver, then the cluster, then works until it is told to end. */
public final class Attacher implements Component {
  private static final Logger log = LoggerFactory.getLogger(Attacher.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);

  /** After these an attachment may still come true. */
  static final Set<Code> IN_DOUBT =
      Set.of(
          Code.CANCELED,
          Code.DEADLINE_EXCEEDED,
          Code.RESOURCE_EXHAUSTED,
          Code.ABORTED,
          Code.UNAVAILABLE);

  private final AttacherOptions options;
  private final Time time;
  private final Election election;
  private final CountDownLatch ended = new CountDownLatch(1);

  private Attacher(AttacherOptions options, Time time) {
    this.options = options;
    this.time = time;
    this.election = new Election(options.election(), time, Pod.ofThisProcess());
  }

  public static Component of(Flags flags, Time time) {
    return new Attacher(AttacherOptions.from(flags), time);
  }

  @Override
  public void run() throws InterruptedException {
    var config = KubeConfig.load(options.kubeconfig());
    try (var connection = new DriverConnection(options.csiAddress(), time)) {
      connection.awaitConnected(CONNECT_LIMIT);
      connection.awaitReady(options.timeout());
      var identity = connection.identify(options.timeout());
      var driver = connection.driver(options.timeout(), IN_DOUBT);
      election.lead(
          "external-attacher-leader-" + identity.name(),
          limit -> new ApiCluster(config, "csi4j-attacher-lease", time, limit),
          term -> lead(term, identity, config, driver));
    } finally {
      ended.countDown();
    }
  }

  /** Drains: what a worker has in hand is finished first, within the loop's limit. */
  @Override
  public void close() {
    election.close();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Every term has tables and queues of its own: nothing that a term knew outlives it. */
  private void lead(Leadership term, DriverIdentity identity, Config config, Driver driver)
      throws InterruptedException {
    try (var cluster = new ApiCluster(config, "csi4j-attacher", time, options.pacing());
        var loops = loops(identity, term.fence(cluster), term.fence(driver))) {
      cluster.start();
      cluster.awaitSynced();
      loops.attachments().start();
      loops.volumes().start();
      log.atInfo().addKeyValue("driver", identity.name()).log("attacher started");
      term.awaitEnd();
    }
  }

  private Loops loops(DriverIdentity identity, Cluster cluster, Driver driver) {
    var names = new AttacherNames(identity.name());
    var view = new AttachmentView(cluster, names);
    var writer = new AttachmentWriter(cluster, time, names.finalizer());
    var publishes = identity.controller().contains(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE);
    var reconciler =
        publishes
            ? new AttachmentReconciler(
                view, writer, driver, new PublishRequests(identity, options.defaultFsType()))
            : new TrivialReconciler(view, writer);
    var loops =
        new Loops(
            loop("csi-attacher-va", reconciler),
            loop("csi-attacher-pv", new VolumeReconciler(view, writer, names.finalizer())));
    wake(view, loops);
    return loops;
  }

  private ReconcileLoop loop(String name, Reconciler reconciler) {
    return new ReconcileLoop(name, reconciler, time, options.workers(), options.backOff());
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

  private record Loops(ReconcileLoop attachments, ReconcileLoop volumes) implements AutoCloseable {
    @Override
    public void close() {
      attachments.close();
      volumes.close();
    }
  }
}
