package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes protections off snapshots that nobody reads from: what a crash or a missing right has left
 * there. Only those of our driver: of others we do not know what is going on.
 */
final class SnapshotSweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SnapshotSweep.class);

  private final Cluster cluster;
  private final SourceProtection protection;
  private final ClaimReconciler.Parts parts;
  private final Time time;
  private final Duration interval;
  private final Time.Signal closing;

  SnapshotSweep(Doors doors, ClaimReconciler.Parts parts, Duration interval) {
    this.cluster = doors.cluster();
    this.protection = new SourceProtection(cluster);
    this.parts = parts;
    this.time = doors.time();
    this.interval = interval;
    this.closing = time.signal();
  }

  void start() {
    if (!interval.isZero() && parts.traits().restores()) {
      time.spawn("csi4j-snapshot-sweep", this::run);
    }
  }

  private void run() {
    while (!closing.await(interval)) {
      try {
        sweep();
      } catch (ApiFailure.Forbidden | ApiFailure.NotFound e) {
        log.atInfo()
            .addKeyValue("reason", e.getMessage())
            .log("looking for no protections left on snapshots: no right to, or no snapshots here");
        return;
      } catch (ApiFailure e) {
        log.atWarn()
            .addKeyValue("next", interval)
            .addKeyValue("reason", e.getMessage())
            .log("could not look for protections left on snapshots");
      }
    }
  }

  private void sweep() {
    for (var snapshot : cluster.list(Snapshot.KIND)) {
      if (snapshot.meta().hasFinalizer(Names.SNAPSHOT_FINALIZER)
          && !parts.view().awaitsSnapshot(snapshot.key(), this::isServed)
          && !parts.shared().unfinished().uses(snapshot.key())
          && isOurs(snapshot)) {
        protection.releaseSnapshot(snapshot.key());
      }
    }
  }

  private boolean isServed(Claim claim) {
    return parts.view().volume(parts.recipe().requests().nameOf(claim)) != null;
  }

  /** One without a content belongs to nobody, so anybody may tidy up. */
  private boolean isOurs(Snapshot snapshot) {
    return snapshot.content().isEmpty()
        || cluster
            .read(SnapshotContent.KIND, ObjectKey.cluster(snapshot.content()))
            .map(content -> content.driver().equals(parts.traits().name()))
            .orElse(true);
  }

  @Override
  public void close() {
    closing.raise();
  }
}
