package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.math.BigDecimal;
import java.util.List;

/** A PersistentVolumeClaim. */
public record Claim(ObjectNode json) implements ApiObject {
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  public static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
  public static final String OLD_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
  public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
  public static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
  public static final String PROTECTION = "kubernetes.io/pvc-protection";

  public String phase() {
    return Json.text(json, "status", "phase");
  }

  /** Empty until a volume is chosen. */
  public String volumeName() {
    return Json.text(json, "spec", "volumeName");
  }

  /** Bound completely, not only on the way. */
  public boolean bound() {
    return phase().equals("Bound") && !volumeName().isEmpty() && annotated(BIND_COMPLETED);
  }

  public String className() {
    var old = annotation("volume.beta.kubernetes.io/storage-class");
    return old.isEmpty() ? Json.text(json, "spec", "storageClassName") : old;
  }

  public String attributesClass() {
    return Json.text(json, "spec", "volumeAttributesClassName");
  }

  public List<String> accessModes() {
    return Json.texts(json, "spec", "accessModes");
  }

  public String volumeMode() {
    return Json.text(json, "spec", "volumeMode");
  }

  public BigDecimal requested() {
    return amount("spec", "resources", "requests", "storage");
  }

  /** What users have now: {@code status.capacity}. */
  public BigDecimal capacity() {
    return amount("status", "capacity", "storage");
  }

  /** Whether its selector, if it has one, selects the volume. */
  public boolean selects(Volume volume) {
    return Topology.labels(Json.at(json, "spec", "selector"), volume.labels());
  }

  public String selectedNode() {
    return annotation(SELECTED_NODE);
  }

  /** How far a resize has come; empty if there is none. */
  public String resizeStatus() {
    return Json.text(json, "status", "allocatedResourceStatuses", "storage");
  }
}
