package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings an attachment closer to what it should be, attached or gone. May be called at any time,
 * twice, and after any crash.
 *
 * <p>That the API server cannot be reached says nothing about the attachment, so the pause after
 * that does not grow. But then the driver is called again only when the server has shown that it is
 * back: else each attempt would repeat a call whose success cannot be written down.
 */
final class AttachmentReconciler implements Reconciler {
  private final AttachmentView view;
  private final AttachShell attach;
  private final DetachShell detach;
  private final Patience patience;

  /** Those whose last attempt did not reach the API server. */
  private final Set<ObjectKey> cutOff = ConcurrentHashMap.newKeySet();

  AttachmentReconciler(
      AttachmentView view, AttachShell attach, DetachShell detach, Patience patience) {
    this.view = view;
    this.attach = attach;
    this.detach = detach;
    this.patience = patience;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    try {
      if (cutOff.contains(key)) {
        view.ask(key);
      }
    } catch (ApiFailure.Unreachable e) {
      return patience.soon(String.valueOf(e.getMessage()));
    }
    try {
      var verdict = carryOut(key);
      cutOff.remove(key);
      return verdict;
    } catch (ApiFailure.Unreachable e) {
      // A server that has just answered and then does not is there, and not well: that may last.
      var why = String.valueOf(e.getMessage());
      return cutOff.add(key) ? patience.soon(why) : new Verdict.BackOff(why);
    }
  }

  private Verdict carryOut(ObjectKey key) {
    var facts = view.read(key);
    if (facts == null) {
      return new Verdict.Settled();
    }
    return facts.attachment().meta().deleting() ? detach.carryOut(facts) : attach.carryOut(facts);
  }
}
