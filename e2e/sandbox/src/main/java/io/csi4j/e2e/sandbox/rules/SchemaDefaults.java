package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;

/** Fills in the defaults of a CRD's schema, in objects that are there. */
final class SchemaDefaults {

  private SchemaDefaults() {}

  static void fill(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      members(object, schema);
    } else if (value.isArray()) {
      value.forEach(item -> fill(item, schema.path("items")));
    }
  }

  private static void members(ObjectNode object, JsonNode schema) {
    var properties = schema.path("properties");
    for (var name : Json.names(properties)) {
      var standard = properties.path(name).path("default");
      if (!object.has(name) && !standard.isMissingNode()) {
        object.set(name, standard.deepCopy());
      }
      fill(object.path(name), properties.path(name));
    }
    var others = schema.path("additionalProperties");
    if (others.isObject()) {
      Json.names(object).forEach(name -> fill(object.path(name), others));
    }
  }
}
