package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.util.List;

/** Whether a volume that is being deleted may go, as far as the attacher is concerned. Pure. */
enum ReleaseStep {
  /** Not being deleted, or not held by us. */
  SETTLED,
  /**
   * Some attachment, of any driver and in any state, still names it; its going wakes the volume.
   */
  WAIT,
  RELEASE;

  static ReleaseStep decide(Volume volume, List<Attachment> attachments, String finalizer) {
    if (!volume.meta().deleting() || !volume.meta().hasFinalizer(finalizer)) {
      return SETTLED;
    }
    return attachments.isEmpty() ? RELEASE : WAIT;
  }
}
