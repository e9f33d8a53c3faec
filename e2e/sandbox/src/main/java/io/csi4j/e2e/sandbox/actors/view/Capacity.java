package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.math.BigDecimal;

/** A CSIStorageCapacity. */
public record Capacity(ObjectNode json) implements ApiObject {

  /** Whether a volume of this size and class may be made for the node. */
  public boolean suffices(String className, Node node, BigDecimal requested) {
    return Json.text(json, "storageClassName").equals(className)
        && Json.has(json, "nodeTopology")
        && Topology.labels(json.path("nodeTopology"), node.labels())
        && limited()
        && limit().compareTo(requested) >= 0;
  }

  private boolean limited() {
    return Json.has(json, "maximumVolumeSize") || Json.has(json, "capacity");
  }

  private BigDecimal limit() {
    return Json.has(json, "maximumVolumeSize") ? amount("maximumVolumeSize") : amount("capacity");
  }
}
