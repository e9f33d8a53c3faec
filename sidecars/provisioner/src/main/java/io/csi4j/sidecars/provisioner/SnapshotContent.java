package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.Map;

/**
 * A VolumeSnapshotContent.
 *
 * @param snapshot whose content it says it is
 * @param sourceMode the volume mode of what was snapshotted, empty where nobody knows
 * @param handle the driver's name of the snapshot, empty while there is none
 */
record SnapshotContent(
    Meta meta,
    String driver,
    ObjectKey snapshot,
    String snapshotUid,
    String sourceMode,
    String handle)
    implements Resource {
  static final Kind<SnapshotContent> KIND =
      new Kind<>(
          Names.SNAPSHOT_GROUP,
          "v1",
          "volumesnapshotcontents",
          "VolumeSnapshotContent",
          Kind.Scope.CLUSTER,
          json -> new Builder().read(json));

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private String driver = "";
    private Map<String, String> snapshot = Map.of();
    private String sourceMode = "";
    private String handle = "";

    SnapshotContent read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> meta = MetaFields.read(json);
              case "spec" -> Fields.each(json, name -> spec(name, json));
              case "status" -> Fields.each(json, name -> status(name, json));
              default -> {}
            }
          });
      var key =
          new ObjectKey(snapshot.getOrDefault("namespace", ""), snapshot.getOrDefault("name", ""));
      return new SnapshotContent(
          meta, driver, key, snapshot.getOrDefault("uid", ""), sourceMode, handle);
    }

    private void spec(String field, JsonParser json) throws IOException {
      switch (field) {
        case "driver" -> driver = Fields.sharedText(json);
        case "sourceVolumeMode" -> sourceMode = Fields.sharedText(json);
        case "volumeSnapshotRef" -> snapshot = Fields.texts(json, _ -> true);
        default -> {}
      }
    }

    private void status(String field, JsonParser json) throws IOException {
      if (field.equals("snapshotHandle")) {
        handle = Fields.text(json);
      }
    }
  }
}
