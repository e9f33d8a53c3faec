package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns changes into keys by {@link WakeRules}. Runs on the tables' threads and never waits. */
final class Wakes {
  private final WakeRules rules;
  private final AttachmentView view;
  private final Doubts doubts;
  private final Consumer<ObjectKey> attachments;
  private final Consumer<ObjectKey> volumes;

  Wakes(
      WakeRules rules,
      AttachmentView view,
      Doubts doubts,
      Consumer<ObjectKey> attachments,
      Consumer<ObjectKey> volumes) {
    this.rules = rules;
    this.view = view;
    this.doubts = doubts;
    this.attachments = attachments;
    this.volumes = volumes;
  }

  void listen() {
    view.attachments().onChange(this::attachment);
    view.volumes().onChange(this::volume);
    view.nodes().onChange(this::node);
  }

  private void attachment(@Nullable Attachment before, @Nullable Attachment after) {
    if (after != null) {
      if (rules.wakes(before, after)) {
        attachments.accept(after.key());
      }
      if (rules.letsGo(before, after)) {
        wakeRivals(after);
      }
    } else if (before != null) {
      gone(before);
    }
  }

  private void gone(Attachment attachment) {
    if (rules.isOurs(attachment)) {
      // The next attachment of this volume to this node will have the same name. It must not
      // inherit this one's failures, and looking once more forgets them.
      doubts.settle(attachment.key());
      attachments.accept(attachment.key());
      wakeRivals(attachment);
    }
    var volume = attachment.volumeName();
    if (volume != null) {
      volumes.accept(ObjectKey.cluster(volume));
    }
  }

  private void wakeRivals(Attachment attachment) {
    var volume = attachment.volumeName();
    if (volume != null) {
      wake(view.attachmentsOf(volume));
    }
  }

  private void volume(@Nullable Volume before, @Nullable Volume after) {
    if (after == null) {
      return;
    }
    if (rules.wakesRelease(after)) {
      volumes.accept(after.key());
    }
    if (rules.wakesAttachments(before, after)) {
      wake(view.attachmentsOf(after.meta().name()));
    }
  }

  private void node(@Nullable CsiNode before, @Nullable CsiNode after) {
    if (after != null && rules.wakesAttachments(before, after)) {
      wake(view.attachmentsOn(after.meta().name()));
    }
  }

  private void wake(List<Attachment> candidates) {
    for (var attachment : candidates) {
      if (rules.waits(attachment)) {
        attachments.accept(attachment.key());
      }
    }
  }
}
