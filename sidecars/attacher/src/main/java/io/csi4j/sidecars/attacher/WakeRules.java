package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Meta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which changes give a key something to do. Pure.
 *
 * <p>The attacher's own writes come back as changes and must not: a key that is woken by its own
 * finalizer or error report runs again at once, and the pause that its failure has earned is lost.
 */
record WakeRules(AttacherNames names) {

  /** An attachment that is new, or that somebody else has changed. */
  boolean wakes(@Nullable Attachment before, Attachment after) {
    if (!isOurs(after)) {
      return false;
    }
    if (before == null || (before.attached() && !after.attached())) {
      return true;
    }
    return !asOthersMadeIt(before).equals(asOthersMadeIt(after));
  }

  /** An attachment that may have been attached, and is not any more. */
  boolean letsGo(@Nullable Attachment before, Attachment after) {
    return before != null && isHeld(before) && !isHeld(after);
  }

  boolean isHeld(Attachment attachment) {
    return isOurs(attachment) && attachment.meta().hasFinalizer(names.finalizer());
  }

  boolean isOurs(Attachment attachment) {
    return attachment.attacher().equals(names.driver());
  }

  /** A volume of which something changed that an attachment of it depends on. */
  boolean wakesAttachments(@Nullable Volume before, Volume after) {
    return before == null
        || before.meta().deleting() != after.meta().deleting()
        || !Objects.equals(before.csi(), after.csi())
        || !Objects.equals(before.volumeMode(), after.volumeMode())
        || !before.accessModes().equals(after.accessModes())
        || !before.mountOptions().equals(after.mountOptions());
  }

  /** A volume that may have to be let go. */
  boolean wakesRelease(Volume after) {
    return after.meta().deleting() && after.meta().hasFinalizer(names.finalizer());
  }

  /** A node on which the driver appeared, or appeared under another ID. */
  boolean wakesAttachments(@Nullable CsiNode before, CsiNode after) {
    var known = before == null ? null : before.driver(names.driver());
    var now = after.driver(names.driver());
    return now != null && (known == null || !known.nodeId().equals(now.nodeId()));
  }

  /** Whether a volume or a node that changed may be what the attachment has waited for. */
  boolean waits(Attachment attachment) {
    return isOurs(attachment) && (!attachment.attached() || attachment.meta().deleting());
  }

  private Attachment asOthersMadeIt(Attachment attachment) {
    var meta = attachment.meta();
    return new Attachment(
        new Meta(
            meta.key(),
            meta.uid(),
            "",
            meta.deleting(),
            finalizersOfOthers(meta),
            annotationsOfOthers(meta),
            meta.labels()),
        attachment.attacher(),
        attachment.nodeName(),
        attachment.volumeName(),
        attachment.inline(),
        false,
        "",
        "");
  }

  private List<String> finalizersOfOthers(Meta meta) {
    return meta.finalizers().stream().filter(each -> !each.equals(names.finalizer())).toList();
  }

  private static Map<String, String> annotationsOfOthers(Meta meta) {
    var others = new HashMap<>(meta.annotations());
    others.remove(AttacherNames.NODE_ID);
    return others;
  }
}
