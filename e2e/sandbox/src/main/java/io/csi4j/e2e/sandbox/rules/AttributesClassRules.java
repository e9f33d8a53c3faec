package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;

/** VolumeAttributesClass. */
record AttributesClassRules() implements Rules {
  private static final String PROTECTION = "kubernetes.io/vac-protection";

  @Override
  public void prepareCreate(ObjectNode found, World world) {
    Finalizers.add(found, PROTECTION);
  }

  @Override
  public void check(ResourceType type, JsonNode found, Complaints complaints) {
    complaints.required(found, "driverName");
    if (Json.at(found, "parameters").isEmpty()) {
      complaints.add(FieldError.required("parameters", "must contain at least one key/value pair"));
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode found, Complaints complaints) {
    complaints.unchangedOrForbidden(
        old, found, "driverName", "updates to driverName are forbidden.");
    complaints.unchangedOrForbidden(
        old, found, "parameters", "updates to parameters are forbidden.");
  }
}
