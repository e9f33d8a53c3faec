package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.store.Entry;
import java.util.List;

/** Objects of which a client wants to see the metadata only. */
final class PartialMetadata {

  private PartialMetadata() {}

  static boolean wanted(Request request) {
    return request.accept().contains("as=PartialObjectMetadataList")
        && request.accept().contains("g=meta.k8s.io");
  }

  static ObjectNode of(JsonNode object) {
    var partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  static ObjectNode list(ResourceType type, List<Entry> entries, ObjectNode metadata) {
    var list =
        Json.object().put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
    list.set("metadata", metadata);
    var items = list.putArray("items");
    entries.forEach(entry -> items.add(of(Outgoing.shown(type, entry.object()))));
    return list;
  }
}
