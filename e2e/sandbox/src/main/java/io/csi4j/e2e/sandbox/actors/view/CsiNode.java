package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;

/** A CSINode. */
public record CsiNode(ObjectNode json) implements ApiObject {

  /** How many volumes of the driver the node takes; the largest number where nothing is said. */
  public long limit(String driver) {
    return Json.items(json, "spec", "drivers")
        .filter(each -> Json.text(each, "name").equals(driver))
        .filter(each -> Json.has(each, "allocatable", "count"))
        .mapToLong(each -> Json.at(each, "allocatable", "count").asLong())
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }
}
