package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.store.Entry;

/** Shows a stored object in the version that was asked for. */
final class Outgoing {

  private Outgoing() {}

  static byte[] bytes(ResourceType type, Entry entry) {
    return fits(type, entry.object()) ? entry.bytes() : Json.bytes(shown(type, entry.object()));
  }

  static ObjectNode shown(ResourceType type, ObjectNode stored) {
    if (fits(type, stored)) {
      return stored;
    }
    var copy = stored.deepCopy();
    copy.put("apiVersion", type.apiVersion());
    return EventForm.isEvent(type) ? EventForm.shown(copy, type) : copy;
  }

  private static boolean fits(ResourceType type, ObjectNode stored) {
    return stored.path("apiVersion").asText().equals(type.apiVersion());
  }
}
