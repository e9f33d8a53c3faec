package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Lets a claim go that others were cloned from, as soon as nobody reads from its volume any more. A
 * clone that changes or goes wakes its source.
 */
final class CloneProtection implements Reconciler {
  private final ClusterView view;
  private final Unfinished unfinished;
  private final SourceProtection protection;
  private final DriverTraits traits;

  CloneProtection(Doors doors, ClaimReconciler.Parts parts) {
    this.view = parts.view();
    this.unfinished = parts.shared().unfinished();
    this.protection = new SourceProtection(doors.cluster());
    this.traits = parts.traits();
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var source = view.claim(key);
    if (source == null
        || !source.meta().deleting()
        || !source.meta().hasFinalizer(Names.CLONE_FINALIZER)) {
      return new Verdict.Settled();
    }
    var handle = handle(source);
    if (handle == null) {
      return new Verdict.Settled();
    }
    var waiting =
        view.filledFrom(Source.CLAIM_KIND, key).stream()
            .filter(clone -> clone.phase().isEmpty() || clone.phase().equals("Pending"))
            .findFirst();
    if (waiting.isPresent()) {
      return new Verdict.Parked(
          "claim %s is still being cloned from it".formatted(waiting.get().key()));
    }
    if (unfinished.clones(handle)) {
      return new Verdict.BackOff("the driver may still be cloning from it");
    }
    protection.remove(Claim.KIND, key, Names.CLONE_FINALIZER);
    return new Verdict.Settled();
  }

  /**
   * What the driver calls its volume: empty where that is gone, missing where it is another
   * driver's, who knows better what is going on.
   */
  private @Nullable String handle(Claim source) {
    var volume = view.volume(source.volumeName());
    if (volume == null || volume.csi() == null) {
      return "";
    }
    return volume.csi().driver().equals(traits.name()) ? volume.csi().handle() : null;
  }
}
