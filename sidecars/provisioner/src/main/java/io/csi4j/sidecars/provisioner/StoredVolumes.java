package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Claims whose volumes this process has stored, until the claims are seen bound. */
final class StoredVolumes {

  /** How long a watch may be behind our own writes before we look again. */
  private static final Duration SHOWN_SOON = Duration.ofSeconds(5);

  private final Doors doors;
  private final ClusterView view;
  private final VolumeRequest requests;
  private final Map<ObjectKey, Stored> byClaim = new ConcurrentHashMap<>();

  private record Stored(String claimUid, long nanos) {}

  StoredVolumes(Doors doors, ClusterView view, VolumeRequest requests) {
    this.doors = doors;
    this.view = view;
    this.requests = requests;
  }

  void add(Attempt attempt) {
    byClaim.put(attempt.claim(), new Stored(attempt.claimUid(), doors.time().nanos()));
  }

  void forget(ObjectKey claim) {
    byClaim.remove(claim);
  }

  /** Whether the claim has a volume, seen or not yet seen. */
  boolean isServed(Claim claim) {
    return known(claim).isPresent() || view.volume(requests.nameOf(claim)) != null;
  }

  /**
   * What to do with a claim for which a volume was stored, while the tables show neither that
   * volume nor the claim bound: one of the two is late, or the volume is gone already. After a
   * while the server is asked. Empty where none was stored.
   */
  Optional<Verdict> before(Claim claim) {
    return known(claim).map(stored -> before(claim, stored));
  }

  private Verdict before(Claim claim, Stored stored) {
    var since = doors.time().nanos() - stored.nanos();
    if (since >= SHOWN_SOON.toNanos() && isPending(claim) && !hasVolume(claim)) {
      byClaim.remove(claim.key());
      return new Verdict.After(Duration.ZERO, "its volume is gone, it gets another one");
    }
    return new Verdict.After(SHOWN_SOON, "its volume is stored and will be seen in a moment");
  }

  private Optional<Stored> known(Claim claim) {
    return Optional.ofNullable(byClaim.get(claim.key()))
        .filter(stored -> stored.claimUid().equals(claim.meta().uid()));
  }

  private boolean isPending(Claim claim) {
    return doors
        .cluster()
        .read(Claim.KIND, claim.key())
        .filter(now -> now.meta().uid().equals(claim.meta().uid()))
        .filter(now -> now.volumeName().isEmpty())
        .isPresent();
  }

  private boolean hasVolume(Claim claim) {
    return doors.cluster().read(Volume.KIND, ObjectKey.cluster(requests.nameOf(claim))).isPresent();
  }
}
