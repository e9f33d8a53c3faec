package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A PersistentVolume. */
public record Volume(ObjectNode json) implements ApiObject {
  public static final String PROTECTION = "kubernetes.io/pv-protection";
  public static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
  public static final String PRE_RESIZE_CAPACITY = "volume.alpha.kubernetes.io/pre-resize-capacity";

  public String phase() {
    return Json.text(json, "status", "phase");
  }

  public boolean csi() {
    return Json.has(json, "spec", "csi");
  }

  public String driver() {
    return Json.text(json, "spec", "csi", "driver");
  }

  public String handle() {
    return Json.text(json, "spec", "csi", "volumeHandle");
  }

  public String fsType() {
    return Json.text(json, "spec", "csi", "fsType");
  }

  public Map<String, String> attributes() {
    return texts("spec", "csi", "volumeAttributes");
  }

  public JsonNode secretRef(String field) {
    return Json.at(json, "spec", "csi", field);
  }

  public String className() {
    return Json.text(json, "spec", "storageClassName");
  }

  public String attributesClass() {
    return Json.text(json, "spec", "volumeAttributesClassName");
  }

  public List<String> accessModes() {
    return Json.texts(json, "spec", "accessModes");
  }

  public boolean block() {
    return volumeMode().equals("Block");
  }

  public String volumeMode() {
    return Json.text(json, "spec", "volumeMode");
  }

  public List<String> mountOptions() {
    return Json.texts(json, "spec", "mountOptions");
  }

  public BigDecimal capacity() {
    return amount("spec", "capacity", "storage");
  }

  public String reclaimPolicy() {
    return Json.text(json, "spec", "persistentVolumeReclaimPolicy");
  }

  public boolean claimed() {
    return Json.has(json, "spec", "claimRef");
  }

  /** Namespace and name of the claim that it is for. */
  public String claimKey() {
    return Json.text(json, "spec", "claimRef", "namespace")
        + "/"
        + Json.text(json, "spec", "claimRef", "name");
  }

  /** Empty where somebody only reserved the volume for a name. */
  public String claimUid() {
    return Json.text(json, "spec", "claimRef", "uid");
  }

  /** Whether it is this claim's, or reserved for one of its name. */
  public boolean isFor(Claim claim) {
    return claimed()
        && claimKey().equals(claim.key())
        && (claimUid().isEmpty() || claimUid().equals(claim.uid()));
  }

  /** Whether only one node at a time may have it. */
  public boolean singleNode() {
    var modes = accessModes();
    return !modes.contains("ReadWriteMany") && !modes.contains("ReadOnlyMany");
  }

  public boolean usableOn(Node node) {
    return Topology.nodeSelector(Json.at(json, "spec", "nodeAffinity", "required"), node);
  }
}
