package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects as tests need them. */
final class Worlds {
  static final DriverTraits DRIVER =
      new DriverTraits(new AttacherNames("disk.example.com"), true, true, false, Dialect.CLASSIC);
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
    return new Attachment(meta, "disk.example.com", "node-a", volume, null, attached, "", "");
  }

  static Volume volume(Meta meta) {
    return volume(meta, source("ext4", false), "Filesystem", "ReadWriteOnce");
  }

  static Volume.Csi source(String fsType, boolean readOnly) {
    return new Volume.Csi(
        "disk.example.com", "vol-42", fsType, readOnly, Map.of("foo", "bar"), null);
  }

  static Volume volume(
      Meta meta, Volume.@Nullable Csi source, @Nullable String volumeMode, String... accessModes) {
    return new Volume(
        meta,
        source,
        List.of(accessModes),
        volumeMode,
        List.of("noatime", "discard"),
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
