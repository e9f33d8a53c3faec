package io.csi4j.e2e.sandbox.kinds;

import static io.csi4j.e2e.sandbox.kinds.Column.age;
import static io.csi4j.e2e.sandbox.kinds.Column.computed;
import static io.csi4j.e2e.sandbox.kinds.Column.name;
import static io.csi4j.e2e.sandbox.kinds.Column.text;
import static io.csi4j.e2e.sandbox.kinds.Column.value;
import static io.csi4j.e2e.sandbox.kinds.Column.wide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of claims, volumes and the kinds of storage.k8s.io. */
final class StorageColumns {
  private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
  private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
  private static final String UNSET = "<unset>";
  private static final Map<String, String> MODES =
      Map.of(
          "ReadWriteOnce", "RWO",
          "ReadOnlyMany", "ROX",
          "ReadWriteMany", "RWX",
          "ReadWriteOncePod", "RWOP");
  private static final List<String> MODE_ORDER =
      List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");

  private StorageColumns() {}

  static List<Column> claim() {
    return List.of(
        name(),
        text("Status", claim -> deletingOr("Terminating", claim)),
        text("Volume", claim -> Json.text(claim, "spec", "volumeName")),
        text(
            "Capacity",
            claim -> whenBound(claim, Json.text(claim, "status", "capacity", "storage"))),
        text(
            "Access Modes",
            claim -> whenBound(claim, modes(Json.at(claim, "status", "accessModes")))),
        text("StorageClass", StorageColumns::className),
        text("VolumeAttributesClass", StorageColumns::attributesClass),
        age(),
        wide("VolumeMode", StorageColumns::volumeMode));
  }

  static List<Column> volume() {
    return List.of(
        name(),
        text("Capacity", volume -> Json.text(volume, "spec", "capacity", "storage")),
        text("Access Modes", volume -> modes(Json.at(volume, "spec", "accessModes"))),
        text(
            "Reclaim Policy", volume -> Json.text(volume, "spec", "persistentVolumeReclaimPolicy")),
        text("Status", volume -> deletingOr("Terminating", volume)),
        text("Claim", StorageColumns::claimOf),
        text("StorageClass", StorageColumns::className),
        text("VolumeAttributesClass", StorageColumns::attributesClass),
        text("Reason", volume -> Json.text(volume, "status", "reason")),
        age(),
        wide("VolumeMode", StorageColumns::volumeMode));
  }

  static List<Column> storageClass() {
    return List.of(
        text("Name", StorageColumns::classNameAndDefault).formatted("name"),
        text("Provisioner", found -> Json.text(found, "provisioner")),
        text("ReclaimPolicy", found -> Json.text(found, "reclaimPolicy")),
        text("VolumeBindingMode", found -> Json.text(found, "volumeBindingMode")),
        computed(
            "AllowVolumeExpansion",
            "string",
            (found, _) -> BooleanNode.valueOf(found.path("allowVolumeExpansion").asBoolean())),
        age());
  }

  static List<Column> attachment() {
    return List.of(
        name(),
        text("Attacher", found -> Json.text(found, "spec", "attacher")).formatted("name"),
        text("PV", found -> Json.text(found, "spec", "source", "persistentVolumeName")),
        text("Node", found -> Json.text(found, "spec", "nodeName")),
        computed(
            "Attached",
            "boolean",
            (found, _) -> BooleanNode.valueOf(Json.at(found, "status", "attached").asBoolean())),
        age());
  }

  static List<Column> driver() {
    return List.of(
        name(),
        value("AttachRequired", "boolean", "spec", "attachRequired"),
        value("PodInfoOnMount", "boolean", "spec", "podInfoOnMount"),
        value("StorageCapacity", "boolean", "spec", "storageCapacity"),
        text("TokenRequests", StorageColumns::audiences),
        value("RequiresRepublish", "boolean", "spec", "requiresRepublish"),
        text("Modes", found -> String.join(",", Json.texts(found, "spec", "volumeLifecycleModes"))),
        age());
  }

  static List<Column> csiNode() {
    return List.of(
        name(),
        computed(
            "Drivers",
            "integer",
            (found, _) -> IntNode.valueOf(Json.at(found, "spec", "drivers").size())),
        age());
  }

  static List<Column> attributesClasses() {
    return List.of(name(), text("DriverName", found -> Json.text(found, "driverName")), age());
  }

  private static String deletingOr(String word, JsonNode object) {
    return Json.has(object, "metadata", "deletionTimestamp")
        ? word
        : Json.text(object, "status", "phase");
  }

  private static String whenBound(JsonNode claim, String value) {
    return Json.text(claim, "spec", "volumeName").isEmpty() ? "" : value;
  }

  private static String modes(JsonNode modes) {
    var present = Json.texts(modes);
    return MODE_ORDER.stream()
        .filter(present::contains)
        .map(mode -> MODES.getOrDefault(mode, mode))
        .collect(Collectors.joining(","));
  }

  private static String className(JsonNode object) {
    var beta = Json.text(object, "metadata", "annotations", BETA_CLASS);
    return beta.isEmpty() ? Json.text(object, "spec", "storageClassName") : beta;
  }

  private static String attributesClass(JsonNode object) {
    var name = Json.text(object, "spec", "volumeAttributesClassName");
    return name.isEmpty() ? UNSET : name;
  }

  private static String volumeMode(JsonNode object) {
    var mode = Json.text(object, "spec", "volumeMode");
    return mode.isEmpty() ? UNSET : mode;
  }

  private static String claimOf(JsonNode volume) {
    var claim = Json.at(volume, "spec", "claimRef");
    return claim.isObject() ? Json.text(claim, "namespace") + "/" + Json.text(claim, "name") : "";
  }

  private static String classNameAndDefault(JsonNode found) {
    var name = Json.text(found, "metadata", "name");
    var standard = Json.text(found, "metadata", "annotations", DEFAULT_CLASS).equals("true");
    return standard ? name + " (default)" : name;
  }

  private static String audiences(JsonNode driver) {
    var audiences =
        Json.items(driver, "spec", "tokenRequests")
            .map(request -> Json.text(request, "audience"))
            .collect(Collectors.joining(","));
    return audiences.isEmpty() ? UNSET : audiences;
  }
}
