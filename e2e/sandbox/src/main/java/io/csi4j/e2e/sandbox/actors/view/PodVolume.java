package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;

/** One entry of a pod's volumes. */
public record PodVolume(ObjectNode json) {

  public String name() {
    return Json.text(json, "name");
  }

  /** The claim that it stands for; empty where it is of another kind. */
  public String claimName(String podName) {
    return ephemeral()
        ? podName + "-" + name()
        : Json.text(json, "persistentVolumeClaim", "claimName");
  }

  /** A claim that lives as long as its pod. */
  public boolean ephemeral() {
    return Json.has(json, "ephemeral");
  }

  /** A volume that a driver makes on the spot. */
  public boolean inline() {
    return Json.has(json, "csi");
  }

  public boolean readOnly() {
    return Json.at(json, inline() ? "csi" : "persistentVolumeClaim", "readOnly").asBoolean();
  }
}
