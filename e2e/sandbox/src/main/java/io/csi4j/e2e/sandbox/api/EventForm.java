package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Events are one kind in two groups, with other names for the same fields. They are stored as the
 * core group has them.
 */
final class EventForm {
  static final String GROUP = "events.k8s.io";
  private static final List<String> TYPES = List.of("Normal", "Warning");

  /** The core group's name for each field of the other. */
  private static final Map<String, String> CORE_NAMES =
      Map.of(
          "note", "message",
          "regarding", "involvedObject",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private EventForm() {}

  static boolean isEvent(ResourceType type) {
    return type.shelf().equals("events");
  }

  static ObjectNode stored(ObjectNode object) {
    CORE_NAMES.forEach((name, core) -> rename(object, name, core));
    object.put("apiVersion", "v1");
    return object;
  }

  static ObjectNode shown(ObjectNode object, ResourceType type) {
    if (type.group().equals(GROUP)) {
      CORE_NAMES.forEach((name, core) -> rename(object, core, name));
    }
    return object;
  }

  private static void rename(ObjectNode object, String from, String to) {
    var value = object.remove(from);
    if (value != null) {
      object.set(to, value);
    }
  }

  /** What the newer form demands, and the older does not. */
  static List<FieldError> check(JsonNode event) {
    var errors = new ArrayList<FieldError>();
    if (Json.text(event, "eventTime").isEmpty()) {
      errors.add(FieldError.required("eventTime", ""));
    } else {
      for (var field : List.of("reportingController", "reportingInstance", "action", "reason")) {
        if (Json.text(event, CORE_NAMES.getOrDefault(field, field)).isEmpty()) {
          errors.add(FieldError.required(field, ""));
        }
      }
    }
    var type = Json.text(event, "type");
    if (!TYPES.contains(type)) {
      errors.add(FieldError.invalid("type", type, "has invalid value: " + type));
    }
    return errors;
  }
}
