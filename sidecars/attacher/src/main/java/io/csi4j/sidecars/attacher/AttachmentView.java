package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the attacher reads. */
final class AttachmentView {
  static final Table.Index<Attachment> BY_VOLUME =
      new Table.Index<>(
          "volume",
          attachment ->
              attachment.volumeName() == null ? List.of() : List.of(attachment.volumeName()));
  static final Table.Index<Attachment> BY_NODE =
      new Table.Index<>("node", attachment -> List.of(attachment.nodeName()));

  private final Cluster cluster;
  private final AttacherNames names;
  private final Table<Attachment> attachments;
  private final Table<Volume> volumes;
  private final Table<CsiNode> nodes;

  AttachmentView(Cluster cluster, AttacherNames names) {
    this.cluster = cluster;
    this.names = names;
    this.attachments = cluster.table(Attachment.KIND, List.of(BY_VOLUME, BY_NODE));
    this.volumes = cluster.table(Volume.KIND);
    this.nodes = cluster.table(CsiNode.KIND);
  }

  /** The facts about an attachment of our driver; null for one that is gone or another driver's. */
  @Nullable AttachFacts read(ObjectKey key) {
    var attachment = attachments.get(key);
    if (attachment == null || !attachment.attacher().equals(names.driver())) {
      return null;
    }
    var volumeName = attachment.volumeName();
    return new AttachFacts(
        names,
        attachment,
        volumeName == null ? null : volumes.get(ObjectKey.cluster(volumeName)),
        nodes.get(ObjectKey.cluster(attachment.nodeName())));
  }

  @Nullable Volume volume(ObjectKey key) {
    return volumes.get(key);
  }

  List<Attachment> attachmentsOf(String volumeName) {
    return attachments.by(BY_VOLUME, volumeName);
  }

  /** A secret as it is now; it is never cached. Empty where it cannot be had. */
  Optional<Map<String, String>> secret(ObjectKey key) {
    return cluster.read(Secret.KIND, key).map(Secret::data);
  }

  Table<Attachment> attachments() {
    return attachments;
  }

  Table<Volume> volumes() {
    return volumes;
  }

  Table<CsiNode> nodes() {
    return nodes;
  }
}
