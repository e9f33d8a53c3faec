package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.Map;

/** For a driver that has nothing to attach: whatever is asked for counts as attached. */
final class TrivialReconciler implements Reconciler {
  private final AttachmentView view;
  private final AttachmentWriter writer;

  TrivialReconciler(AttachmentView view, AttachmentWriter writer) {
    this.view = view;
    this.writer = writer;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var facts = view.read(key);
    if (facts != null && !facts.attachment().attached()) {
      writer.attached(key, Map.of());
    }
    return new Verdict.Settled();
  }
}
