package io.csi4j.sidecars.kit.sidecar;

import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.csi.Witnesses;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.events.EventRecorder;
import io.csi4j.sidecars.kit.events.Events;
import io.csi4j.sidecars.kit.health.Readiness;
import io.csi4j.sidecars.kit.health.SidecarHttp;
import io.csi4j.sidecars.kit.journal.ConfigMapJournal;
import io.csi4j.sidecars.kit.lease.Election;
import io.csi4j.sidecars.kit.lease.Leadership;
import io.csi4j.sidecars.kit.lease.LeaseHealth;
import io.csi4j.sidecars.kit.lease.LeaseMetrics;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan.OnDriverLoss;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sidecar from its first second to its last: listens, meets the driver, stands for election,
 * works while it leads.
 *
 * <p>A driver that goes away is waited for. When it is back it is asked who it is: the same driver,
 * and work goes on where it was; another name or other capabilities, and everything that was built
 * upon the old ones is built anew.
 */
public final class DriverSidecar implements Component {
  private static final Logger log = LoggerFactory.getLogger(DriverSidecar.class);

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final SidecarPlan plan;
  private final Time time;
  private final List<SidecarPart> parts;
  private final Metrics metrics;
  private final CallMetrics calls;
  private final QueueMetrics queues;
  private final LeaseMetrics leases;
  private final TerminationLog lastWords;
  private final Readiness readiness = new Readiness();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Standby or leading; what the process is again when the driver is back. */
  private volatile String role = "standby";

  private final Object lock = new Object();

  // All below are guarded by lock.
  private boolean closed;
  private @Nullable Election election;
  private @Nullable String fatal;

  public DriverSidecar(SidecarPart part, Time time) {
    this(part.plan(), time, part.builder());
  }

  public DriverSidecar(SidecarPlan plan, Time time, Controllers.Builder builder) {
    this(plan, time, builder, TerminationLog.ofContainer());
  }

  /**
   * Several sidecars in one process, with one connection to the driver, one cache and one lease:
   * that of the first, so that a process of the first alone never works beside this one, and what
   * it left unfinished is found.
   */
  public DriverSidecar(String name, List<SidecarPart> parts, Time time) {
    this(parts.getFirst().plan().called(name), parts, time, TerminationLog.ofContainer());
  }

  DriverSidecar(
      SidecarPlan plan, Time time, Controllers.Builder builder, TerminationLog lastWords) {
    this(plan, List.of(new SidecarPart(plan, builder)), time, lastWords);
  }

  private DriverSidecar(
      SidecarPlan plan, List<SidecarPart> parts, Time time, TerminationLog lastWords) {
    this.plan = plan;
    this.lastWords = lastWords;
    this.time = time;
    this.parts = List.copyOf(parts);
    this.metrics = new Metrics(time.now());
    this.calls = new CallMetrics(metrics);
    this.queues = new QueueMetrics(metrics, time);
    this.leases = new LeaseMetrics(metrics);
  }

  @Override
  public void run() throws InterruptedException {
    var to = plan.connections();
    var config = KubeConfig.load(to.kubeconfig());
    var http = new SidecarHttp(to.http(), metrics, readiness, this::leaseHealth).start(time);
    try (var connection = new DriverConnection(to.driver(), time, witnesses());
        var memory = new SpareMemory(time)) {
      memory.start();
      connection.onLoss(this::driverLost);
      while (open()) {
        session(config, connection);
      }
    } finally {
      http.ifPresent(endpoint -> endpoint.close());
      ended.countDown();
    }
    throwIfFatal();
  }

  /** Drains: what a worker has in hand is finished first, within the loop's limit. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (election != null) {
        election.close();
      }
    }
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A driver that goes away while it is asked who it is may be asked again; one that answers
   * nonsense may not.
   */
  private void session(Config config, DriverConnection connection) throws InterruptedException {
    try {
      withOneDriver(config, connection);
    } catch (DriverFault e) {
      if (!e.passing() || plan.connections().onDriverLoss() == OnDriverLoss.EXIT) {
        throw e;
      }
      log.atWarn().addKeyValue("reason", e.getMessage()).log("the CSI driver went away at once");
      time.sleep(RETRY);
    }
  }

  private void withOneDriver(Config config, DriverConnection connection)
      throws InterruptedException {
    var to = plan.connections();
    readiness.waitsFor("the CSI driver at " + to.driver());
    connection.awaitConnected(this::open);
    if (!open()) {
      return;
    }
    connection.awaitReady(to.timeout());
    var identity = connection.identify(to.timeout());
    calls.driverIs(identity.name());
    var current = enter();
    connection.onReturn(() -> driverReturned(connection, identity, current));
    plays("standby");
    try (var next =
        new NextTerm(
            () -> new ApiCluster(config, plan.name(), time, to.pacing()),
            cluster -> parts.forEach(part -> part.builder().tables(identity, cluster)))) {
      next.prepare();
      current.lead(
          plan.lease().apply(identity.name()),
          limit -> new ApiCluster(config, plan.name() + "-lease", time, limit),
          term -> lead(term, next, connection, identity));
    }
  }

  private void lead(
      Leadership term, NextTerm next, DriverConnection connection, DriverIdentity identity)
      throws InterruptedException {
    readiness.waitsFor("the first lists from the API server");
    var pacing = plan.connections().pacing();
    try (var cluster = next.take();
        // Events have a budget of their own: nothing waits for what is told to people.
        var events =
            new EventRecorder(
                term.fence(cluster.admittedBy(term::check).pacedBy(pacing)),
                time,
                plan.eventSource().apply(identity.name()));
        var controllers = controllers(term, new Doors(cluster, connection, events, identity))) {
      cluster.start();
      cluster.awaitSynced();
      controllers.start();
      plays("leading");
      log.atInfo().addKeyValue("driver", identity.name()).log(plan.name() + " started");
      term.awaitEnd();
    } finally {
      plays("standby");
      if (open()) {
        next.prepare();
      }
    }
  }

  private record Doors(
      ApiCluster cluster, DriverConnection connection, Events events, DriverIdentity identity) {}

  private Controllers controllers(Leadership term, Doors doors) {
    return Together.of(
        parts.stream()
            .<Supplier<Controllers>>map(
                part -> () -> part.builder().build(world(term, doors, part)))
            .toList());
  }

  /** The connection is shared; how long a call may take and what its failure means is not. */
  private Controllers.World world(Leadership term, Doors doors, SidecarPart part) {
    var admitted = doors.cluster().admittedBy(term::check);
    var cluster = term.fence(admitted);
    var lease = plan.leaseOf(doors.identity().name(), Pod.ofThisProcess());
    var driver =
        doors.connection().driver(part.plan().connections().timeout(), part.plan().inDoubt());
    return new Controllers.World(
        doors.identity(),
        cluster,
        term.fence(admitted.yielding()),
        term.fence(driver),
        new ConfigMapJournal(cluster, time, lease),
        doors.events(),
        metrics,
        queues,
        pacing -> term.fence(admitted.pacedBy(pacing)));
  }

  private void plays(String part) {
    role = part;
    readiness.ready(part);
  }

  private Witnesses witnesses() {
    return new Witnesses(Optional.of(calls), plan.connections().logCharactersMax());
  }

  private boolean driverLost() {
    log.atWarn()
        .addKeyValue("address", plan.connections().driver())
        .log("lost the connection to the CSI driver");
    if (plan.connections().onDriverLoss() == OnDriverLoss.EXIT) {
      lastWords.write("Lost connection to CSI driver, exiting");
      endFor("Lost connection to CSI driver, exiting");
      return false;
    }
    readiness.waitsFor("the CSI driver to come back at " + plan.connections().driver());
    return true;
  }

  private void driverReturned(DriverConnection connection, DriverIdentity known, Election current) {
    try {
      connection.awaitReady(plan.connections().timeout());
      var identity = connection.identify(plan.connections().timeout());
      if (identity.equals(known)) {
        log.atInfo().addKeyValue("driver", identity.name()).log("the CSI driver is back");
        readiness.ready(role);
      } else {
        log.atWarn()
            .addKeyValue("driver", identity.name())
            .log("the CSI driver is back and has changed, starting over");
        current.close();
      }
    } catch (DriverFault e) {
      // Gone again: its next return is a new story. Anything else is for a new session to judge.
      log.atWarn().addKeyValue("reason", e.getMessage()).log("the CSI driver is back and not well");
      if (!e.passing()) {
        current.close();
      }
    }
  }

  private Election enter() {
    var entered = new Election(plan.connections().election(), time, Pod.ofThisProcess(), leases);
    synchronized (lock) {
      election = entered;
      if (closed) {
        entered.close();
      }
    }
    return entered;
  }

  private boolean open() {
    synchronized (lock) {
      return !closed;
    }
  }

  private LeaseHealth leaseHealth() {
    synchronized (lock) {
      return election == null ? new LeaseHealth.Healthy() : election.health();
    }
  }

  private void endFor(String reason) {
    synchronized (lock) {
      fatal = reason;
      closed = true;
      if (election != null) {
        election.close();
      }
    }
  }

  private void throwIfFatal() {
    synchronized (lock) {
      if (fatal != null) {
        throw new Fatal(fatal);
      }
    }
  }
}
