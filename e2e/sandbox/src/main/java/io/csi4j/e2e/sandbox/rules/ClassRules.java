package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import java.util.List;

/** StorageClass. */
record ClassRules() implements Rules {

  @Override
  public void fill(ObjectNode found) {
    Json.fill(found, "reclaimPolicy", "Delete");
    Json.fill(found, "volumeBindingMode", "Immediate");
  }

  @Override
  public void check(ResourceType type, JsonNode found, Complaints complaints) {
    complaints.required(found, "provisioner");
    complaints.oneOf(found, "reclaimPolicy", List.of("Delete", "Retain"));
    complaints.oneOf(found, "volumeBindingMode", List.of("Immediate", "WaitForFirstConsumer"));
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode found, Complaints complaints) {
    for (var field : List.of("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")) {
      complaints.unchanged(old, found, field);
    }
  }
}
