package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Need;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.doors.Verb;
import io.csi4j.sidecars.kit.events.EventRecorder;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar sees of leader election: it says what to do while leading, whether there is an
 * election or not, and is told in which term it does it.
 */
public final class Election implements AutoCloseable {

  /** The Go tools' manifests do not grant {@code patch}. */
  public static final Need NEED =
      Need.ofTable(Lease.KIND, Verb.GET, Verb.CREATE, Verb.UPDATE).atHome();

  private final ElectionOptions options;
  private final Time time;
  private final Pod pod;
  private final TermWatcher watcher;

  private final Object lock = new Object();

  // All below are guarded by lock.
  private boolean closed;
  private @Nullable Elector elector;
  private @Nullable Leadership unopposed;

  public Election(ElectionOptions options, Time time, Pod pod) {
    this(options, time, pod, TermWatcher.NOBODY);
  }

  /** {@code watcher} hears of this process's terms. */
  public Election(ElectionOptions options, Time time, Pod pod, TermWatcher watcher) {
    this.watcher = watcher;
    this.options = options;
    this.time = time;
    this.pod = pod;
  }

  /**
   * Runs the work in every term that this process wins; without an election, in one term. Returns
   * after {@link #close} and the end of the work.
   *
   * @param lease the lease's name before it is made fit for one
   * @param client opens a client of the lease's own, whose requests have this limit: a queue of
   *     other requests must not cost the lease
   */
  public void lead(String lease, Function<Duration, ApiCluster> client, Work work)
      throws InterruptedException {
    if (!options.enabled()) {
      work.run(alone());
      return;
    }
    try (var leases = client.apply(options.timing().requestLimit())) {
      var unused = leases.table(Lease.only(candidate(LeaseName.sanitized(lease)).lease()));
      leases.start();
      campaign(lease, leases, work);
    }
  }

  /** The same, for whoever has a door to the cluster already. */
  public void campaign(String lease, Cluster leases, Work work) throws InterruptedException {
    var candidate = candidate(LeaseName.sanitized(lease));
    try (var events = new EventRecorder(leases, time, lease + "/" + pod.hostName());
        var campaign =
            new Elector(
                leases,
                time,
                candidate,
                options.timing(),
                options.onLoss(),
                watcher.and(new LeaseEvents(events)))) {
      enter(campaign);
      campaign.lead(work);
    }
  }

  private Candidate candidate(String lease) {
    var namespace = options.namespace().isEmpty() ? pod.namespace() : options.namespace();
    if (pod.hostName().isEmpty()) {
      throw new Fatal("--leader-election: this machine has no host name to be told apart by");
    }
    return new Candidate(
        new ObjectKey(namespace, lease), LeaseName.sanitized(pod.hostName()), options.labels());
  }

  private Leadership alone() {
    var term = Leadership.unopposed(time);
    synchronized (lock) {
      unopposed = term;
      if (closed) {
        term.end();
      }
    }
    return term;
  }

  private void enter(Elector campaign) {
    synchronized (lock) {
      elector = campaign;
      if (closed) {
        campaign.close();
      }
    }
  }

  public LeaseHealth health() {
    synchronized (lock) {
      return elector == null ? new LeaseHealth.Healthy() : elector.health();
    }
  }

  /** Asks for an orderly end and does not wait for it. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (elector != null) {
        elector.close();
      }
      if (unopposed != null) {
        unopposed.end();
      }
    }
  }
}
