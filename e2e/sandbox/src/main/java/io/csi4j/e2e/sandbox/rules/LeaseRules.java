package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;

/** Lease. */
record LeaseRules() implements Rules {

  @Override
  public void fill(ObjectNode lease) {
    Json.child(lease, "spec");
  }

  @Override
  public void check(ResourceType type, JsonNode lease, Complaints complaints) {
    var seconds = Json.at(lease, "spec", "leaseDurationSeconds");
    if (seconds.isNumber() && seconds.asLong() <= 0) {
      complaints.add(
          FieldError.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
    }
    var transitions = Json.at(lease, "spec", "leaseTransitions");
    if (transitions.isNumber() && transitions.asLong() < 0) {
      complaints.add(
          FieldError.invalid(
              "spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
    }
  }
}
