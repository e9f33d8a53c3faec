package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.patch.SameJson;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Secret and ConfigMap. */
record SecretRules() implements Rules {
  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");

  @Override
  public void fill(ObjectNode object) {
    if (!Json.text(object, "kind").equals("Secret")) {
      return;
    }
    Json.fill(object, "type", "Opaque");
    if (object.remove("stringData") instanceof ObjectNode texts) {
      var data = Json.child(object, "data");
      for (var name : Json.names(texts)) {
        var bytes = Json.text(texts, name).getBytes(StandardCharsets.UTF_8);
        data.put(name, Base64.getEncoder().encodeToString(bytes));
      }
    }
  }

  @Override
  public void check(ResourceType type, JsonNode object, Complaints complaints) {
    for (var field : List.of("data", "binaryData")) {
      for (var key : Json.names(object.path(field))) {
        if (!KEY.matcher(key).matches()) {
          complaints.add(
              FieldError.invalid(
                  "%s[%s]".formatted(field, key),
                  key,
                  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                      + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
                      + " '[-._a-zA-Z0-9]+')"));
        }
      }
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode object, Complaints complaints) {
    if (Json.text(object, "kind").equals("Secret")) {
      complaints.unchanged(old, object, "type");
    }
    if (!old.path("immutable").asBoolean()) {
      return;
    }
    var detail = "field is immutable when `immutable` is set";
    if (!object.path("immutable").asBoolean()) {
      complaints.add(FieldError.forbidden("immutable", detail));
    }
    for (var field : List.of("data", "binaryData")) {
      if (!SameJson.same(old.path(field), object.path(field))) {
        complaints.add(FieldError.forbidden(field, detail));
      }
    }
  }
}
