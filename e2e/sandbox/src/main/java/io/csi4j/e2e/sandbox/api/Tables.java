package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.store.Entry;
import java.time.Instant;
import java.util.List;

/** What {@code kubectl get} prints: the server fills in the cells. */
record Tables(ResourceType type, Request request, Instant now) {

  static boolean wanted(Request request) {
    return request.accept().contains("as=Table");
  }

  ObjectNode of(List<Entry> entries, ObjectNode metadata) {
    var table = header(metadata);
    columns(table);
    var rows = table.putArray("rows");
    entries.forEach(entry -> rows.add(row(Outgoing.shown(type, entry.object()), entry.object())));
    return table;
  }

  /** One event of a watch; only the first tells the columns. */
  ObjectNode ofEvent(ObjectNode shown, ObjectNode stored, boolean first) {
    var version =
        Json.object().put("resourceVersion", Json.text(stored, "metadata", "resourceVersion"));
    var table = header(version);
    if (first) {
      columns(table);
    } else {
      table.putArray("columnDefinitions");
    }
    table.putArray("rows").add(row(shown, stored));
    return table;
  }

  private static ObjectNode header(ObjectNode metadata) {
    var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    return table;
  }

  private void columns(ObjectNode table) {
    var definitions = table.putArray("columnDefinitions");
    for (var column : type.columns()) {
      definitions
          .addObject()
          .put("name", column.title())
          .put("type", column.type())
          .put("format", column.format())
          .put("description", "")
          .put("priority", column.priority());
    }
  }

  private ObjectNode row(JsonNode shown, ObjectNode stored) {
    var row = Json.object();
    var cells = row.putArray("cells");
    type.columns().forEach(column -> cells.add(column.cell().of(stored, now)));
    switch (request.parameter("includeObject")) {
      case "None" -> {}
      case "Object" -> row.set("object", shown);
      default -> row.set("object", PartialMetadata.of(shown));
    }
    return row;
  }
}
