package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.kinds.ResourceType;

/** CSIStorageCapacity. */
record CapacityRules() implements Rules {

  @Override
  public void check(ResourceType type, JsonNode capacity, Complaints complaints) {
    complaints.required(capacity, "storageClassName");
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode capacity, Complaints complaints) {
    complaints.unchanged(old, capacity, "nodeTopology");
    complaints.unchanged(old, capacity, "storageClassName");
  }
}
