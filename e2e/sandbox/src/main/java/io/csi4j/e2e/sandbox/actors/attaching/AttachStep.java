package io.csi4j.e2e.sandbox.actors.attaching;

import io.csi4j.e2e.sandbox.actors.view.Attachment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is next for a volume that is wanted on a node. Pure. */
sealed interface AttachStep {

  /** Done. */
  record Attached() implements AttachStep {}

  /** An attachment is to be made. */
  record Create() implements AttachStep {}

  /** The attacher is at work. */
  record Await() implements AttachStep {}

  /** It goes wrong for now; the pod is told. */
  record Fail(String message) implements AttachStep {}

  /**
   * The next step.
   *
   * @param own the attachment of this volume to this node
   * @param others attachments of the volume to other nodes
   */
  static AttachStep decide(Wish wish, @Nullable Attachment own, List<Attachment> others) {
    if (own == null) {
      return wish.volume().singleNode() && !others.isEmpty()
          ? new Fail(
              "Multi-Attach error for volume \"%s\" Volume is already exclusively attached to one node and can't be attached to another"
                  .formatted(wish.volume().name()))
          : new Create();
    }
    if (own.deleting()) {
      // Attached again only when the detachment is through.
      return new Await();
    }
    if (own.attached()) {
      return new Attached();
    }
    return own.attachError().isEmpty()
        ? new Await()
        : new Fail(
            "AttachVolume.Attach failed for volume \"%s\" : %s"
                .formatted(wish.volume().name(), own.attachError()));
  }
}
