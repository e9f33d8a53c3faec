package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;

/** Event: it lives beside its object, or in the default namespace for those without one. */
record EventRules() implements Rules {

  @Override
  public void fill(ObjectNode event) {
    Json.child(event, "source");
    Json.child(event, "involvedObject");
    for (var field : new String[] {"firstTimestamp", "lastTimestamp", "eventTime"}) {
      if (!event.has(field)) {
        event.putNull(field);
      }
    }
    Json.fill(event, "reportingComponent", "");
    Json.fill(event, "reportingInstance", "");
  }

  @Override
  public void check(ResourceType type, JsonNode event, Complaints complaints) {
    var about = Json.text(event, "involvedObject", "namespace");
    var namespace = Json.text(event, "metadata", "namespace");
    var fits =
        about.isEmpty()
            ? namespace.equals("default") || namespace.equals("kube-system")
            : about.equals(namespace);
    if (!fits) {
      complaints.add(
          FieldError.invalid("involvedObject.namespace", about, "does not match event.namespace"));
    }
  }
}
