package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Driver;
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

/** The provisioner: knows the driver, then the cluster, then works until it is told to end. */
public final class Provisioner implements Component {
  private static final Logger log = LoggerFactory.getLogger(Provisioner.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);
  private static final int IDENTITY_BOUND = 10_000;

  /**
   * After these a volume may still come into being. RESOURCE_EXHAUSTED is final here, unlike
   * elsewhere.
   */
  static final Set<Code> IN_DOUBT =
      Set.of(Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.UNAVAILABLE);

  private final ProvisionerOptions options;
  private final Time time;
  private final Election election;
  private final CountDownLatch ended = new CountDownLatch(1);

  private Provisioner(ProvisionerOptions options, Time time) {
    this.options = options;
    this.time = time;
    this.election = new Election(options.election(), time, Pod.ofThisProcess());
  }

  public static Component of(Flags flags, Time time) {
    return new Provisioner(ProvisionerOptions.from(flags), time);
  }

  @Override
  public void run() throws InterruptedException {
    var config = KubeConfig.load(options.kubeconfig());
    try (var connection = new DriverConnection(options.csiAddress(), time)) {
      connection.awaitConnected(CONNECT_LIMIT);
      connection.awaitReady(options.timeout());
      var traits = DriverTraits.of(connection.identify(options.timeout()));
      var driver = connection.driver(options.timeout(), IN_DOUBT);
      election.lead(
          traits.name(),
          limit -> new ApiCluster(config, "csi4j-provisioner-lease", time, limit),
          term -> lead(term, traits, config, driver));
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
  private void lead(Leadership term, DriverTraits traits, Config config, Driver driver)
      throws InterruptedException {
    try (var cluster = new ApiCluster(config, "csi4j-provisioner", time, options.pacing());
        var loops = loops(traits, term.fence(cluster), term.fence(driver))) {
      cluster.start();
      cluster.awaitSynced();
      loops.claims().start();
      loops.volumes().start();
      log.atInfo().addKeyValue("driver", traits.name()).log("provisioner started");
      term.awaitEnd();
    }
  }

  private Loops loops(DriverTraits traits, Cluster cluster, Driver driver) {
    var view = new ClusterView(cluster, traits);
    var making =
        new ClaimReconciler.Making(
            traits,
            options.placing(),
            new VolumeRequest(options.naming(), options.shaping(), traits.dialect()),
            new VolumeObject(traits.name(), identity(traits), options.shaping().readOnly()));
    var loops =
        new Loops(
            loop("claims", new ClaimReconciler(cluster, view, driver, making)),
            loop("volumes", new VolumeReconciler(cluster, view, driver, traits)));
    view.wake(loops);
    return loops;
  }

  private ReconcileLoop loop(String name, Reconciler reconciler) {
    return new ReconcileLoop(name, reconciler, time, options.workers(), options.backOff());
  }

  /** Says in each volume which process has made it; of no other use. */
  private String identity(DriverTraits traits) {
    return "%d-%d-%s"
        .formatted(time.now().toEpochMilli(), time.random().nextInt(IDENTITY_BOUND), traits.name());
  }

  private record Loops(ReconcileLoop claims, ReconcileLoop volumes)
      implements AutoCloseable, ClusterView.Wakes {
    @Override
    public void claim(@Nullable Claim claim) {
      if (claim != null) {
        claims.add(claim.key());
      }
    }

    @Override
    public void volume(@Nullable Volume volume) {
      if (volume != null) {
        volumes.add(volume.key());
      }
    }

    @Override
    public void close() {
      claims.close();
      volumes.close();
    }
  }
}
