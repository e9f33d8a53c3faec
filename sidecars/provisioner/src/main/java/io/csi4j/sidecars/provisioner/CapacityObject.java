package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.cluster.Quantity;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A CSIStorageCapacity.
 *
 * @param item what it tells of
 * @param capacity as written, empty if missing
 * @param maximum the largest volume that can be made, empty if nobody knows
 * @param owners UIDs
 */
record CapacityObject(
    Meta meta, ObjectKey item, String capacity, String maximum, List<String> owners)
    implements Resource {
  private static final ObjectMapper TREES = new ObjectMapper();

  static final Kind<CapacityObject> KIND =
      new Kind<>(
          "storage.k8s.io",
          "v1",
          "csistoragecapacities",
          "CSIStorageCapacity",
          Kind.Scope.NAMESPACED,
          json -> new Builder().read(json));

  boolean says(long bytes, @Nullable Long maximumBytes) {
    return !capacity.isEmpty()
        && Quantity.bytes(capacity) == bytes
        && (maximumBytes == null
            ? maximum.isEmpty()
            : !maximum.isEmpty() && Quantity.bytes(maximum) == maximumBytes);
  }

  /** The fields that change, as a body or a part of one; null takes away. */
  static ObjectNode room(long bytes, @Nullable Long maximumBytes) {
    var body = JsonNodeFactory.instance.objectNode();
    body.put("capacity", Quantity.ofBytes(bytes));
    body.put("maximumVolumeSize", maximumBytes == null ? null : Quantity.ofBytes(maximumBytes));
    return body;
  }

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private String className = "";
    private Map<String, String> topology = Map.of();
    private String capacity = "";
    private String maximum = "";
    private List<String> owners = List.of();

    CapacityObject read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> metadata(json);
              case "storageClassName" -> className = Fields.sharedText(json);
              case "capacity" -> capacity = Fields.text(json);
              case "maximumVolumeSize" -> maximum = Fields.text(json);
              case "nodeTopology" ->
                  Fields.each(
                      json,
                      name -> {
                        if (name.equals("matchLabels")) {
                          topology = new TreeMap<>(Fields.texts(json, _ -> true));
                        }
                      });
              default -> {}
            }
          });
      var item = new CapacityItem(Term.of(topology), className).key();
      return new CapacityObject(meta, item, capacity, maximum, owners);
    }

    /** As a tree first, because two things are read of it; there are few such objects. */
    private void metadata(JsonParser json) throws IOException {
      JsonNode tree = TREES.readTree(json);
      try (var again = tree.traverse()) {
        again.nextToken();
        meta = MetaFields.read(again);
      }
      owners = tree.path("ownerReferences").findValuesAsText("uid");
    }
  }
}
