package io.csi4j.e2e.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;

/** RFC 7386: members are set, null removes, lists are replaced. */
public final class MergePatch {

  private MergePatch() {}

  /** Changes the object. */
  public static void apply(ObjectNode object, JsonNode patch) {
    for (var name : Json.names(patch)) {
      var value = patch.get(name);
      if (value.isNull()) {
        object.remove(name);
      } else if (value.isObject()) {
        apply(Json.child(object, name), value);
      } else {
        object.set(name, value.deepCopy());
      }
    }
  }
}
