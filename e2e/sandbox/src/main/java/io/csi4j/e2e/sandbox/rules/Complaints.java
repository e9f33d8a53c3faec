package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Quantity;
import io.csi4j.e2e.sandbox.patch.SameJson;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Collects all that is wrong with one object, to say it at once. */
public final class Complaints {
  private static final String IMMUTABLE = "field is immutable";

  private final List<FieldError> errors = new ArrayList<>();

  public List<FieldError> errors() {
    return List.copyOf(errors);
  }

  void add(FieldError error) {
    errors.add(error);
  }

  void required(JsonNode object, String field) {
    required(object, field, "");
  }

  void required(JsonNode object, String field, String detail) {
    var value = Json.at(object, field.split("\\.", -1));
    if (value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty())) {
      add(FieldError.required(field, detail));
    }
  }

  void oneOf(JsonNode object, String field, List<String> allowed) {
    var value = Json.text(object, field.split("\\.", -1));
    if (!value.isEmpty() && !allowed.contains(value)) {
      add(FieldError.notSupported(field, value, allowed));
    }
  }

  /** The member's name in the object may differ from the one that the message has. */
  void unchanged(JsonNode old, JsonNode object, String field, String shownField) {
    var path = field.split("\\.", -1);
    var value = Json.at(object, path);
    if (!SameJson.same(Json.at(old, path), value)) {
      add(FieldError.invalid(shownField, value.isTextual() ? value.asText() : value, IMMUTABLE));
    }
  }

  void unchanged(JsonNode old, JsonNode object, String field) {
    unchanged(old, object, field, field);
  }

  void unchangedWith(JsonNode old, JsonNode object, String field, String detail) {
    if (!SameJson.same(old.path(field), object.path(field))) {
      add(FieldError.invalid(field, object.path(field), detail));
    }
  }

  void unchangedOrForbidden(JsonNode old, JsonNode object, String field, String detail) {
    var path = field.split("\\.", -1);
    if (!SameJson.same(Json.at(old, path), Json.at(object, path))) {
      add(FieldError.forbidden(field, detail));
    }
  }

  void positive(JsonNode quantity, String field) {
    if (Quantity.of(quantity.asText("")).stream().anyMatch(size -> size.value().signum() <= 0)) {
      add(FieldError.invalid(field, quantity.asText(), "must be greater than zero"));
    }
  }
}
