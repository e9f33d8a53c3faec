package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;

/** A StorageClass. */
public record StorageClass(ObjectNode json) implements ApiObject {
  private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

  public String provisioner() {
    return Json.text(json, "provisioner");
  }

  public boolean provisions() {
    return !provisioner().equals(NO_PROVISIONER);
  }

  public boolean waitsForConsumer() {
    return Json.text(json, "volumeBindingMode").equals("WaitForFirstConsumer");
  }

  public boolean allows(Node node) {
    return Topology.allowed(Json.at(json, "allowedTopologies"), node);
  }
}
