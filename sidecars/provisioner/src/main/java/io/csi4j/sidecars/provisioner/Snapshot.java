package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;

/**
 * A VolumeSnapshot.
 *
 * @param content its VolumeSnapshotContent, empty while there is none
 * @param restoreSize the least size of a volume made from it, empty where nobody knows
 */
record Snapshot(Meta meta, String content, boolean ready, String restoreSize) implements Resource {
  static final Kind<Snapshot> KIND =
      new Kind<>(
          Names.SNAPSHOT_GROUP,
          "v1",
          "volumesnapshots",
          "VolumeSnapshot",
          Kind.Scope.NAMESPACED,
          Snapshot::read);

  private static Snapshot read(JsonParser json) throws IOException {
    var meta = new Meta[] {MetaFields.none()};
    var texts = new String[] {"", ""};
    var ready = new boolean[1];
    Fields.each(
        json,
        field -> {
          switch (field) {
            case "metadata" -> meta[0] = MetaFields.read(json);
            case "status" ->
                Fields.each(
                    json,
                    name -> {
                      switch (name) {
                        case "boundVolumeSnapshotContentName" -> texts[0] = Fields.text(json);
                        case "restoreSize" -> texts[1] = Fields.text(json);
                        case "readyToUse" -> ready[0] = json.currentToken() == JsonToken.VALUE_TRUE;
                        default -> {}
                      }
                    });
            default -> {}
          }
        });
    return new Snapshot(meta[0], texts[0], ready[0], texts[1]);
  }
}
