package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;

/** {@code metadata.finalizers}. */
public final class Finalizers {

  private Finalizers() {}

  public static boolean has(JsonNode object, String finalizer) {
    return Json.texts(object, "metadata", "finalizers").contains(finalizer);
  }

  public static void add(ObjectNode object, String finalizer) {
    if (!has(object, finalizer)) {
      Json.list(Json.child(object, "metadata"), "finalizers").add(finalizer);
    }
  }

  public static void remove(ObjectNode object, String finalizer) {
    var metadata = Json.child(object, "metadata");
    var left = Json.texts(metadata, "finalizers").stream().filter(word -> !word.equals(finalizer));
    var list = Json.array();
    left.forEach(list::add);
    if (list.isEmpty()) {
      metadata.remove("finalizers");
    } else {
      metadata.set("finalizers", list);
    }
  }
}
