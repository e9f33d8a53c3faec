package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects as tests need them. */
final class Worlds {
  static final AttacherNames NAMES = new AttacherNames("disk.example.com");
  static final String OURS = "external-attacher/disk-example-com";

  private Worlds() {}

  static Meta meta(
      String name, boolean deleting, List<String> finalizers, Map<String, String> annotations) {
    return new Meta(
        ObjectKey.cluster(name), "uid-" + name, "1", deleting, finalizers, annotations, Map.of());
  }

  static Meta meta(String name) {
    return meta(name, false, List.of(), Map.of());
  }

  static Meta held(String name, String nodeId) {
    return meta(name, false, List.of(OURS), Map.of(AttacherNames.NODE_ID, nodeId));
  }

  static Meta deletingHeld(String name, String nodeId) {
    return meta(name, true, List.of(OURS), Map.of(AttacherNames.NODE_ID, nodeId));
  }

  static Attachment attachment(Meta meta, @Nullable String volume, boolean attached) {
    return new Attachment(meta, "disk.example.com", "node-a", volume, false, attached, "", "");
  }

  static Volume volume(Meta meta) {
    return new Volume(
        meta,
        new Volume.Csi("disk.example.com", "vol-42", "ext4", false, Map.of("k", "v"), null),
        List.of("ReadWriteOnce"),
        "Filesystem",
        List.of("noatime"),
        "fast",
        "Delete",
        null,
        List.of(),
        "Bound");
  }

  static CsiNode node(String nodeId) {
    return new CsiNode(
        meta("node-a"), List.of(new CsiNode.Entry("disk.example.com", nodeId, List.of())));
  }

  static CsiNode nodeWithoutDriver() {
    return new CsiNode(meta("node-a"), List.of());
  }
}
