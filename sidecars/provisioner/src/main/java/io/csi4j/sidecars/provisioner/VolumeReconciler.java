package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.sidecars.kit.cluster.FinalizerPatch;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link DeletionStep}. Our finalizer goes last, so that after a crash the same steps
 * are taken again.
 */
final class VolumeReconciler implements Reconciler {
  private static final Logger log = LoggerFactory.getLogger(VolumeReconciler.class);

  private static final Duration SOON = Duration.ofSeconds(1);

  private static final int RELEASE_TRIES = 5;

  /** Volumes that the driver has deleted, by UID, until their objects are gone, too. */
  private final Map<ObjectKey, String> deleted = new ConcurrentHashMap<>();

  private final Doors doors;
  private final ClusterView view;
  private final DriverTraits traits;
  private final ClaimReconciler.Shared shared;
  private final News news;
  private final CapacityNews capacity;

  VolumeReconciler(Doors doors, ClaimReconciler.Parts parts) {
    this.doors = doors;
    this.view = parts.view();
    this.traits = parts.traits();
    this.shared = parts.shared();
    this.news = parts.news();
    this.capacity = parts.capacity();
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var volume = view.volume(key.name());
    if (volume == null) {
      deleted.remove(key);
      return new Verdict.Settled();
    }
    return switch (DeletionStep.decide(volume, view.attachmentsOf(key.name()), traits.name())) {
      case DeletionStep.Settled() -> new Verdict.Settled();
      case DeletionStep.Wait(var why) -> {
        news.waitsForDetach(volume, why);
        yield new Verdict.Parked(why);
      }
      case DeletionStep.Guard() -> {
        patch(key, Patch.operations(FinalizerPatch.add(volume.meta(), Names.VOLUME_FINALIZER)));
        yield new Verdict.Settled();
      }
      case DeletionStep.Unguard() -> {
        unguard(volume.meta());
        yield new Verdict.Settled();
      }
      case DeletionStep.Refuse(var reason) -> failed(volume, reason);
      case DeletionStep.Delete(var handle) ->
          isOfOtherNode(volume)
              ? new Verdict.Settled()
              : shared.inHand().holding(key.name(), () -> delete(volume, handle));
    };
  }

  private boolean isOfOtherNode(Volume volume) {
    var local = view.local();
    return local != null && !local.holds(volume);
  }

  private Verdict delete(Volume volume, String handle) {
    if (shared.unfinished().isOpen(volume.meta().name())) {
      // Left by an earlier life; its claim's worker is about to see that this volume is stored.
      return new Verdict.After(SOON, "its creation is not over yet");
    }
    if (volume.meta().uid().equals(deleted.get(volume.key()))) {
      gone(volume);
      return new Verdict.Settled();
    }
    if (!traits.creates()) {
      return failed(
          volume,
          "CSI driver does not support dynamic provisioning: plugin CREATE_DELETE_VOLUME"
              + " controller service capability is not reported");
    }
    var storageClass = view.storageClass(DeletionSecrets.className(volume));
    return switch (DeletionSecrets.of(volume, storageClass)) {
      case DeletionSecrets.None() -> delete(volume, handle, Map.of());
      case DeletionSecrets.At(var key) -> delete(volume, handle, secret(volume, key));
      case DeletionSecrets.Unresolvable(var reason) -> failed(volume, reason);
    };
  }

  /** A volume must not stay for ever because its secret is gone: the driver may not need it. */
  private Map<String, String> secret(Volume volume, ObjectKey key) {
    String reason;
    try {
      var found = doors.cluster().read(Secret.KIND, key);
      if (found.isPresent()) {
        return found.get().data();
      }
      reason = "not found";
    } catch (ApiFailure.Forbidden e) {
      reason = String.valueOf(e.getMessage());
    }
    log.atWarn()
        .addKeyValue("volume", volume.meta().name())
        .addKeyValue("secret", key)
        .addKeyValue("reason", reason)
        .log("deleting a volume without its secret");
    return Map.of();
  }

  private Verdict delete(Volume volume, String handle, Map<String, String> secrets) {
    var begun = doors.time().nanos();
    var request =
        DeleteVolumeRequest.newBuilder().setVolumeId(handle).putAllSecrets(secrets).build();
    return switch (doors.driver().deleteVolume(request)) {
      case Outcome.Done(_) -> {
        // Whatever becomes of its object, the driver is not asked again.
        deleted.put(volume.key(), volume.meta().uid());
        gone(volume);
        news.deleted(volume, Duration.ofNanos(doors.time().nanos() - begun));
        capacity.deleted(volume);
        log.atInfo()
            .addKeyValue("volume", volume.meta().name())
            .addKeyValue("handle", handle)
            .log("deleted");
        yield new Verdict.Settled();
      }
      case Outcome.Refused(_, var message) -> failed(volume, message);
      case Outcome.InDoubt(_, var message) -> failed(volume, message);
      case Outcome.NotReached(var message) -> failed(volume, message);
    };
  }

  private Verdict failed(Volume volume, String reason) {
    news.deleteFailed(volume, reason);
    return new Verdict.BackOff(reason);
  }

  private void gone(Volume volume) {
    try {
      doors.cluster().delete(Volume.KIND, volume.key(), volume.meta().uid());
      unguard(volume.meta());
    } catch (ApiFailure.NotFound _) {
      // Somebody was quicker, and nothing is left to do.
    }
  }

  /**
   * Others take their finalizers off at the same moment, so some fresh looks are worth more than a
   * pause.
   */
  private void unguard(Meta known) {
    var now = Optional.of(known);
    for (var tries = 1; now.isPresent(); tries++) {
      if (!now.get().uid().equals(known.uid()) || !now.get().hasFinalizer(Names.VOLUME_FINALIZER)) {
        return;
      }
      try {
        release(now.get());
        return;
      } catch (ApiFailure.Conflict e) {
        if (tries == RELEASE_TRIES) {
          throw e;
        }
        now = doors.cluster().read(Volume.KIND, known.key()).map(Volume::meta);
      }
    }
  }

  private void release(Meta known) {
    patch(known.key(), Patch.operations(FinalizerPatch.remove(known, Names.VOLUME_FINALIZER)));
  }

  private void patch(ObjectKey key, Patch patch) {
    try {
      doors.cluster().patch(Volume.KIND, key, patch);
    } catch (ApiFailure.NotFound _) {
      // Gone meanwhile.
    }
  }
}
