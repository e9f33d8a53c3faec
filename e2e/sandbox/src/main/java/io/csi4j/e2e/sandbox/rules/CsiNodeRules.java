package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.patch.SameJson;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.HashSet;

/** CSINode. */
record CsiNodeRules() implements Rules {

  /** A node without drivers says so with a null. */
  @Override
  public void fill(ObjectNode node) {
    var spec = Json.child(node, "spec");
    if (spec.path("drivers").isEmpty()) {
      spec.putNull("drivers");
    }
  }

  @Override
  public void check(ResourceType type, JsonNode node, Complaints complaints) {
    var names = new HashSet<String>();
    var index = 0;
    for (var driver : Json.at(node, "spec", "drivers")) {
      var field = "spec.drivers[%d]".formatted(index++);
      var name = Json.text(driver, "name");
      if (name.isEmpty()) {
        complaints.add(FieldError.required(field + ".name", ""));
      } else if (!names.add(name)) {
        complaints.add(
            new FieldError(
                FieldError.Reason.DUPLICATE,
                field + ".name",
                "Duplicate value: \"%s\"".formatted(name)));
      }
      if (Json.text(driver, "nodeID").isEmpty()) {
        complaints.add(FieldError.required(field + ".nodeID", ""));
      }
    }
  }

  /** Of a driver that is there already, only the limit may change. */
  @Override
  public void checkUpdate(JsonNode old, JsonNode node, Complaints complaints) {
    for (var before : Json.at(old, "spec", "drivers")) {
      for (var after : Json.at(node, "spec", "drivers")) {
        var same = Json.text(before, "name").equals(Json.text(after, "name"));
        if (same && !SameJson.same(withoutLimit(before), withoutLimit(after))) {
          complaints.add(FieldError.invalid("spec.drivers", after, "field is immutable"));
        }
      }
    }
  }

  private static JsonNode withoutLimit(JsonNode driver) {
    return ((ObjectNode) driver.deepCopy()).without("allocatable");
  }
}
