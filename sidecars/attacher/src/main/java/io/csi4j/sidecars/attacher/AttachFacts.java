package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about an attachment may look at.
 *
 * @param volume missing where the API server has no such volume, or the attachment names none
 * @param node missing where there is no CSINode of that name
 */
record AttachFacts(
    DriverTraits driver, Attachment attachment, @Nullable Volume volume, @Nullable CsiNode node) {

  boolean attachmentHeld() {
    return attachment.meta().hasFinalizer(driver.names().finalizer());
  }

  boolean volumeHeld(Volume attached) {
    return attached.meta().hasFinalizer(driver.names().finalizer());
  }

  /** Why the attachment's source is none that can be attached; empty if it can. */
  String sourceProblem() {
    if (attachment.volumeName() != null && attachment.hasInlineSource()) {
      return "both InlineCSIVolumeSource and PersistentVolumeName specified in VA source";
    }
    if (attachment.hasInlineSource()) {
      return "inline volumes of in-tree plugins are not migrated by this attacher";
    }
    if (attachment.volumeName() == null) {
      return "neither InlineCSIVolumeSource nor PersistentVolumeName specified in VA source";
    }
    if (volume == null) {
      return "persistentvolume \"%s\" not found".formatted(attachment.volumeName());
    }
    if (volume.csi() == null) {
      return "pv spec contained non-csi source that was not migrated";
    }
    return "";
  }

  /** What the driver calls the node now; missing while the driver is not registered there. */
  @Nullable String registeredNodeId() {
    var entry = node == null ? null : node.driver(driver.names().driver());
    // An empty node ID would mean "all nodes" to the driver.
    return entry == null || entry.nodeId().isEmpty() ? null : entry.nodeId();
  }

  /** What the driver called the node when the volume was published. */
  @Nullable String publishedNodeId() {
    var known = attachment.meta().annotations().getOrDefault(AttacherNames.NODE_ID, "");
    return known.isEmpty() ? null : known;
  }

  String nodeProblem() {
    return node == null
        ? "csinode.storage.k8s.io \"%s\" not found".formatted(attachment.nodeName())
        : "CSINode %s does not contain driver %s"
            .formatted(attachment.nodeName(), driver.names().driver());
  }
}
