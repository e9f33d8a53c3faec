package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;

/**
 * Brings an attachment closer to what it should be, attached or gone. May be called at any time,
 * twice, and after any crash.
 */
record AttachmentReconciler(AttachmentView view, AttachShell attach, DetachShell detach)
    implements Reconciler {

  @Override
  public Verdict reconcile(ObjectKey key) {
    var facts = view.read(key);
    if (facts == null) {
      return new Verdict.Settled();
    }
    return facts.attachment().meta().deleting() ? detach.carryOut(facts) : attach.carryOut(facts);
  }
}
