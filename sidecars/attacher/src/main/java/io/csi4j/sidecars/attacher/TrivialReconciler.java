package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.Map;

/** For a driver that has nothing to attach: whatever is asked for counts as attached. */
final class TrivialReconciler implements Reconciler {
  private final Table<Attachment> attachments;
  private final AttachmentWriter writer;
  private final String driver;

  TrivialReconciler(Table<Attachment> attachments, AttachmentWriter writer, String driver) {
    this.attachments = attachments;
    this.writer = writer;
    this.driver = driver;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var attachment = attachments.get(key);
    if (attachment != null && attachment.attacher().equals(driver) && !attachment.attached()) {
      writer.attached(attachment.meta(), Map.of());
    }
    return new Verdict.Settled();
  }
}
