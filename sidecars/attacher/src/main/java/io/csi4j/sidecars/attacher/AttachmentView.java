package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the attacher reads. */
final class AttachmentView {
  private static final Table.Index<Attachment> BY_VOLUME =
      new Table.Index<>(
          "volume",
          attachment ->
              attachment.volumeName() == null ? List.of() : List.of(attachment.volumeName()));
  private static final Table.Index<Attachment> BY_NODE =
      new Table.Index<>("node", attachment -> List.of(attachment.nodeName()));

  private final Cluster cluster;
  private final DriverTraits driver;
  private final Table<Attachment> attachments;
  private final Table<Volume> volumes;
  private final Table<CsiNode> nodes;
  private final Doubts doubts;

  AttachmentView(Cluster cluster, DriverTraits driver, Doubts doubts) {
    this.cluster = cluster;
    this.driver = driver;
    this.doubts = doubts;
    this.attachments = cluster.table(Attachment.KIND, List.of(BY_VOLUME, BY_NODE));
    this.volumes = cluster.table(Volume.KIND);
    this.nodes = cluster.table(CsiNode.KIND);
  }

  /** Asks for all tables, for whoever wants them filled before there is a view. */
  static void tables(Cluster cluster) {
    cluster.table(Attachment.KIND, List.of(BY_VOLUME, BY_NODE));
    cluster.table(Volume.KIND);
    cluster.table(CsiNode.KIND);
  }

  /** The facts about an attachment of our driver; null for one that is gone or another driver's. */
  @Nullable AttachFacts read(ObjectKey key) {
    var attachment = attachments.get(key);
    if (attachment == null || !isOurs(attachment)) {
      return null;
    }
    return new AttachFacts(
        driver,
        attachment,
        volumeOf(attachment),
        nodes.get(ObjectKey.cluster(attachment.nodeName())),
        rivals(attachment),
        doubts.about(key));
  }

  /** Asks the API server itself, which fails where that is away. */
  void ask(ObjectKey key) {
    var _ = cluster.read(Attachment.KIND, key);
  }

  private @Nullable Volume volumeOf(Attachment attachment) {
    var name = attachment.volumeName();
    return name == null ? attachment.inline() : volumes.get(ObjectKey.cluster(name));
  }

  /** What is held by us may be attached, whatever its status says. */
  private List<Attachment> rivals(Attachment attachment) {
    var name = attachment.volumeName();
    if (name == null) {
      return List.of();
    }
    return attachmentsOf(name).stream()
        .filter(other -> !other.nodeName().equals(attachment.nodeName()))
        .filter(this::isOurs)
        .filter(other -> other.meta().hasFinalizer(driver.names().finalizer()))
        .sorted(Comparator.comparing(other -> other.meta().name()))
        .toList();
  }

  boolean isOurs(Attachment attachment) {
    return attachment.attacher().equals(driver.names().driver());
  }

  /** The driver says otherwise than the attachment's status. */
  void doubt(ObjectKey key) {
    doubts.raise(key);
  }

  /** The driver has confirmed the attachment's status. */
  void trust(ObjectKey key) {
    doubts.settle(key);
  }

  Place place(ObjectKey key) {
    return Place.of(key, attachments.get(key));
  }

  @Nullable Volume volume(ObjectKey key) {
    return volumes.get(key);
  }

  List<Attachment> attachmentsOf(String volumeName) {
    return attachments.by(BY_VOLUME, volumeName);
  }

  List<Attachment> attachmentsOn(String nodeName) {
    return attachments.by(BY_NODE, nodeName);
  }

  /** What the volume's secret holds now; it is never cached. */
  Credentials credentials(Volume.Csi source) {
    var reference = source.controllerPublishSecret();
    if (reference == null) {
      return new Credentials.Known(Map.of());
    }
    String problem;
    try {
      var secret = cluster.read(Secret.KIND, reference);
      if (secret.isPresent()) {
        return new Credentials.Known(secret.get().data());
      }
      problem = "secrets \"%s\" not found".formatted(reference.name());
    } catch (ApiFailure e) {
      problem = String.valueOf(e.getMessage());
    }
    return new Credentials.Missing(
        "failed to load secret \"%s\": %s".formatted(reference, problem));
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
