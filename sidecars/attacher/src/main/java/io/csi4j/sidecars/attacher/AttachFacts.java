package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about an attachment may look at.
 *
 * @param volume named by the attachment, or described in it; missing where there is neither
 * @param node missing where there is no CSINode of that name
 * @param rivals attachments of the same volume to other nodes that may be attached
 * @param doubted whether the driver has said otherwise than the status does
 */
record AttachFacts(
    DriverTraits driver,
    Attachment attachment,
    @Nullable Volume volume,
    @Nullable CsiNode node,
    List<Attachment> rivals,
    boolean doubted) {

  AttachFacts(
      DriverTraits driver, Attachment attachment, @Nullable Volume volume, @Nullable CsiNode node) {
    this(driver, attachment, volume, node, List.of(), false);
  }

  boolean attachmentHeld() {
    return attachment.meta().hasFinalizer(driver.names().finalizer());
  }

  /** A volume that is described in the attachment is not there by itself, and needs no holding. */
  boolean volumeHeld(Volume attached) {
    return attachment.inline() != null || attached.meta().hasFinalizer(driver.names().finalizer());
  }

  /** Why the attachment's source is none that can be attached; empty if it can. */
  String sourceProblem() {
    var inline = attachment.inline();
    if (attachment.volumeName() != null && inline != null) {
      return "both InlineCSIVolumeSource and PersistentVolumeName specified in VA source";
    }
    if (inline != null) {
      return inline.csi() == null ? "inline volume spec contains nil CSI source" : "";
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
