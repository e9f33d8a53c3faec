package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the provisioner reads. Nodes are watched only for drivers that have a topology. */
final class ClusterView {
  static final Table.Index<Attachment> BY_VOLUME =
      new Table.Index<>(
          "volume",
          attachment ->
              attachment.volumeName() == null ? List.of() : List.of(attachment.volumeName()));
  static final Table.Index<Claim> BY_CLASS =
      new Table.Index<>("class", claim -> List.of(ClaimFacts.className(claim)));

  private final Table<Claim> claims;
  private final Table<Volume> volumes;
  private final Table<StorageClass> classes;
  private final @Nullable Table<Attachment> attachments;
  private final @Nullable Table<CsiNode> csiNodes;
  private final @Nullable Table<Node> nodes;

  ClusterView(Cluster cluster, DriverTraits traits) {
    claims = cluster.table(Claim.KIND, List.of(BY_CLASS));
    volumes = cluster.table(Volume.KIND);
    classes = cluster.table(StorageClass.KIND);
    attachments = traits.publishes() ? cluster.table(Attachment.KIND, List.of(BY_VOLUME)) : null;
    csiNodes = traits.topology() ? cluster.table(CsiNode.KIND) : null;
    nodes = traits.topology() ? cluster.table(Node.KIND) : null;
  }

  @Nullable Claim claim(ObjectKey key) {
    return claims.get(key);
  }

  @Nullable Volume volume(String name) {
    return volumes.get(ObjectKey.cluster(name));
  }

  @Nullable StorageClass storageClass(String name) {
    return classes.get(ObjectKey.cluster(name));
  }

  List<Attachment> attachmentsOf(String volumeName) {
    return attachments == null ? List.of() : attachments.by(BY_VOLUME, volumeName);
  }

  List<CsiNode> csiNodes() {
    return csiNodes == null ? List.of() : csiNodes.all();
  }

  List<Node> nodes() {
    return nodes == null ? List.of() : nodes.all();
  }

  /** Wakes keys as the objects change that decide about them. */
  void wake(Wakes wakes) {
    claims.onChange((_, after) -> wakes.claim(after));
    classes.onChange(
        (_, after) -> {
          if (after != null) {
            claims.by(BY_CLASS, after.meta().name()).forEach(wakes::claim);
          }
        });
    volumes.onChange((_, after) -> wakes.volume(after));
    if (attachments != null) {
      attachments.onChange(
          (before, after) -> {
            // A volume that was in use may be deleted now.
            if (after == null && before != null && before.volumeName() != null) {
              wakes.volume(volume(before.volumeName()));
            }
          });
    }
  }

  /** Whom to wake; null is nobody. */
  interface Wakes {
    void claim(@Nullable Claim claim);

    void volume(@Nullable Volume volume);
  }
}
