package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.regex.Pattern;

/**
 * Checks an object against the OpenAPI schema of its CRD: types, required members, enumerations,
 * patterns, limits. Rules in CEL are not evaluated; {@link SnapshotRules} has those of snapshots.
 */
final class SchemaCheck {

  private final Complaints complaints;

  private SchemaCheck(Complaints complaints) {
    this.complaints = complaints;
  }

  static void check(JsonNode object, JsonNode schema, Complaints complaints) {
    new SchemaCheck(complaints).value("", object, schema);
  }

  private void value(String path, JsonNode value, JsonNode schema) {
    if (value.isNull() && schema.path("nullable").asBoolean()) {
      return;
    }
    if (!fits(value, schema)) {
      var wanted = Json.text(schema, "type");
      var actual = actual(value);
      complaints.add(
          FieldError.invalid(
              path,
              actual,
              "%s in body must be of type %s: \"%s\"".formatted(path, wanted, actual)));
      return;
    }
    if (value.isObject()) {
      object(path, value, schema);
    } else if (value.isArray()) {
      var index = 0;
      for (var item : value) {
        value("%s[%d]".formatted(path, index++), item, schema.path("items"));
      }
    } else {
      plain(path, value, schema);
    }
  }

  private void object(String path, JsonNode value, JsonNode schema) {
    for (var name : Json.texts(schema, "required")) {
      if (!value.has(name)) {
        complaints.add(FieldError.required(join(path, name), ""));
      }
    }
    for (var name : Json.names(value)) {
      var member = schema.path("properties").path(name);
      if (member.isMissingNode()) {
        member = schema.path("additionalProperties");
      }
      var isMetadata = path.isEmpty() && name.equals("metadata");
      if (member.isObject() && !isMetadata) {
        value(join(path, name), value.get(name), member);
      }
    }
  }

  private void plain(String path, JsonNode value, JsonNode schema) {
    var allowed = Json.texts(schema, "enum");
    if (!allowed.isEmpty() && !allowed.contains(value.asText())) {
      complaints.add(FieldError.notSupported(path, value.asText(), allowed));
    }
    var pattern = Json.text(schema, "pattern");
    if (!pattern.isEmpty()
        && value.isTextual()
        && !Pattern.compile(pattern).matcher(value.asText()).find()) {
      complaints.add(
          FieldError.invalid(
              path, value.asText(), "%s in body should match '%s'".formatted(path, pattern)));
    }
    var minimum = schema.path("minimum");
    if (minimum.isNumber()
        && value.isNumber()
        && value.decimalValue().compareTo(minimum.decimalValue()) < 0) {
      complaints.add(
          FieldError.invalid(
              path,
              value,
              "%s in body should be greater than or equal to %s".formatted(path, minimum)));
    }
    var lengthMin = schema.path("minLength").asInt(0);
    if (value.isTextual() && value.asText().length() < lengthMin) {
      complaints.add(
          FieldError.invalid(
              path,
              value.asText(),
              "%s in body should be at least %d chars long".formatted(path, lengthMin)));
    }
  }

  private static boolean fits(JsonNode value, JsonNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return value.isTextual() || value.isIntegralNumber();
    }
    return switch (Json.text(schema, "type")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> true;
    };
  }

  private static String actual(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "null";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case ARRAY -> "array";
      case OBJECT, BINARY, MISSING, POJO -> "object";
    };
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
