package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;

/**
 * Lets go of volumes that are being deleted and attached nowhere: carries out {@link ReleaseStep}.
 */
final class VolumeReconciler implements Reconciler {
  private final AttachmentView view;
  private final AttachmentWriter writer;
  private final String finalizer;

  VolumeReconciler(AttachmentView view, AttachmentWriter writer, String finalizer) {
    this.view = view;
    this.writer = writer;
    this.finalizer = finalizer;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var volume = view.volume(key);
    if (volume == null) {
      return new Verdict.Settled();
    }
    return switch (ReleaseStep.decide(volume, view.attachmentsOf(key.name()), finalizer)) {
      case SETTLED -> new Verdict.Settled();
      case WAIT -> new Verdict.Parked("an attachment still names the volume");
      case RELEASE -> {
        writer.releaseVolume(volume.meta());
        yield new Verdict.Settled();
      }
    };
  }
}
