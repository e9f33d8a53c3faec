package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.util.List;

/** What a volume's object needs of us next. Pure: no I/O, no clock, no log. */
sealed interface DeletionStep {

  /** Not ours, or in use as it should be. */
  record Settled() implements DeletionStep {}

  /**
   * Make sure that the volume is deleted with its object, also when the object is deleted by hand
   * first.
   */
  record Guard() implements DeletionStep {}

  /** The volume shall stay when its object goes. */
  record Unguard() implements DeletionStep {}

  /** Still attached; what ends that wakes the volume. */
  record Wait(String why) implements DeletionStep {}

  /** Delete the volume, then its object. */
  record Delete(String handle) implements DeletionStep {}

  /** Cannot be done. */
  record Refuse(String reason) implements DeletionStep {}

  static DeletionStep decide(Volume volume, List<Attachment> attachments, String driver) {
    if (!isOurs(volume, driver)) {
      return new Settled();
    }
    var guarded = volume.meta().hasFinalizer(Names.VOLUME_FINALIZER);
    if (!volume.reclaimPolicy().equals("Delete")) {
      return guarded ? new Unguard() : new Settled();
    }
    if (!guarded && !volume.meta().deleting() && volume.phase().equals("Bound")) {
      return new Guard();
    }
    if (!volume.phase().equals("Released") || (volume.meta().deleting() && !guarded)) {
      return new Settled();
    }
    if (!attachments.isEmpty()) {
      return new Wait(
          "persistentvolume %s is still attached to node %s"
              .formatted(volume.meta().name(), attachments.getFirst().nodeName()));
    }
    var csi = volume.csi();
    return csi == null
        ? new Refuse("invalid CSI PV: spec.csi is missing")
        : new Delete(csi.handle());
  }

  /** Who made it says an annotation; without one it was made by hand, for the driver it names. */
  static boolean isOurs(Volume volume, String driver) {
    var annotations = volume.meta().annotations();
    var by = annotations.get(Names.PROVISIONED_BY);
    if (by == null && volume.csi() != null) {
      return volume.csi().driver().equals(driver);
    }
    return driver.equals(by) || driver.equals(annotations.get(Names.MIGRATED_TO));
  }
}
