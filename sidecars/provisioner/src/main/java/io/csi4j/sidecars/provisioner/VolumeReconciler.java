package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.sidecars.kit.cluster.FinalizerPatch;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link DeletionStep}. Our finalizer goes last, so that after a crash the same steps
 * are taken again.
 */
final class VolumeReconciler implements Reconciler {
  private static final Logger log = LoggerFactory.getLogger(VolumeReconciler.class);

  private final Cluster cluster;
  private final ClusterView view;
  private final Driver driver;
  private final DriverTraits traits;

  VolumeReconciler(Cluster cluster, ClusterView view, Driver driver, DriverTraits traits) {
    this.cluster = cluster;
    this.view = view;
    this.driver = driver;
    this.traits = traits;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var volume = view.volume(key.name());
    if (volume == null) {
      return new Verdict.Settled();
    }
    return switch (DeletionStep.decide(volume, view.attachmentsOf(key.name()), traits.name())) {
      case DeletionStep.Settled() -> new Verdict.Settled();
      case DeletionStep.Wait(var why) -> new Verdict.Parked(why);
      case DeletionStep.Guard() -> {
        patch(key, Patch.operations(FinalizerPatch.add(volume.meta(), Names.VOLUME_FINALIZER)));
        yield new Verdict.Settled();
      }
      case DeletionStep.Unguard() -> {
        unguard(volume.meta());
        yield new Verdict.Settled();
      }
      case DeletionStep.Delete(var handle) -> delete(volume, handle);
    };
  }

  private Verdict delete(Volume volume, String handle) {
    if (!traits.creates()) {
      return new Verdict.BackOff("CSI driver does not support dynamic provisioning");
    }
    var request = DeleteVolumeRequest.newBuilder().setVolumeId(handle).build();
    return switch (driver.deleteVolume(request)) {
      case Outcome.Done(_) -> {
        gone(volume);
        log.atInfo()
            .addKeyValue("volume", volume.meta().name())
            .addKeyValue("handle", handle)
            .log("deleted");
        yield new Verdict.Settled();
      }
      case Outcome.Refused(_, var message) -> new Verdict.BackOff(message);
      case Outcome.InDoubt(_, var message) -> new Verdict.BackOff(message);
      case Outcome.NotReached(var message) -> new Verdict.BackOff(message);
    };
  }

  private void gone(Volume volume) {
    try {
      cluster.delete(Volume.KIND, volume.key(), volume.meta().uid());
      unguard(volume.meta());
    } catch (ApiFailure.NotFound _) {
      // Somebody was quicker, and nothing is left to do.
    }
  }

  private void unguard(Meta known) {
    if (!known.hasFinalizer(Names.VOLUME_FINALIZER)) {
      return;
    }
    try {
      release(known);
    } catch (ApiFailure.Conflict _) {
      // Others take their finalizers off at the same moment, so one fresh look is worth more than a
      // pause and a second DeleteVolume.
      cluster
          .read(Volume.KIND, known.key())
          .map(Volume::meta)
          .filter(now -> now.uid().equals(known.uid()) && now.hasFinalizer(Names.VOLUME_FINALIZER))
          .ifPresent(this::release);
    }
  }

  private void release(Meta known) {
    patch(known.key(), Patch.operations(FinalizerPatch.remove(known, Names.VOLUME_FINALIZER)));
  }

  private void patch(ObjectKey key, Patch patch) {
    try {
      cluster.patch(Volume.KIND, key, patch);
    } catch (ApiFailure.NotFound _) {
      // Gone meanwhile.
    }
  }
}
