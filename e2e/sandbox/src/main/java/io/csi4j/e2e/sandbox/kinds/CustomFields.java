package io.csi4j.e2e.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.Fields.Closed;
import io.csi4j.e2e.sandbox.kinds.Fields.ListOf;
import io.csi4j.e2e.sandbox.kinds.Fields.MapOf;
import io.csi4j.e2e.sandbox.kinds.Fields.Merging;
import io.csi4j.e2e.sandbox.kinds.Fields.Plain;
import java.util.LinkedHashMap;

/** The shape that a CRD's schema describes. */
final class CustomFields {

  private CustomFields() {}

  static Fields of(JsonNode schema) {
    var shape = shape(schema);
    if (!(shape instanceof Closed(var members))) {
      return shape;
    }
    var root = new LinkedHashMap<>(members);
    root.put("apiVersion", new Plain(Fields.Type.TEXT));
    root.put("kind", new Plain(Fields.Type.TEXT));
    root.put("metadata", FieldsText.metadata());
    return new Closed(root);
  }

  private static Fields shape(JsonNode schema) {
    if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      return Fields.Open.ANY;
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return new Plain(Fields.Type.INT_OR_TEXT);
    }
    return switch (Json.text(schema, "type")) {
      case "object" -> object(schema);
      case "array" -> new ListOf(shape(schema.path("items")), new Merging.Whole());
      case "string" -> new Plain(Fields.Type.TEXT);
      case "integer" -> new Plain(Fields.Type.INTEGER);
      case "boolean" -> new Plain(Fields.Type.TRUTH);
      default -> Fields.Open.ANY;
    };
  }

  private static Fields object(JsonNode schema) {
    if (schema.path("additionalProperties").isObject()) {
      return new MapOf(shape(schema.path("additionalProperties")));
    }
    if (!Json.has(schema, "properties")) {
      return new Closed(new LinkedHashMap<>());
    }
    var members = new LinkedHashMap<String, Fields>();
    for (var name : Json.names(schema.path("properties"))) {
      members.put(name, shape(schema.path("properties").path(name)));
    }
    return new Closed(members);
  }
}
