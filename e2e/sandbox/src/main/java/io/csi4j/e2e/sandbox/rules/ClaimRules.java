package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Quantity;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.patch.SameJson;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;

/** PersistentVolumeClaim. */
record ClaimRules() implements Rules {
  static final List<String> ACCESS_MODES =
      List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
  static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");
  private static final String PROTECTION = "kubernetes.io/pvc-protection";
  private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
  private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
  private static final String IMMUTABLE =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName"
          + " for bound claims";
  private static final List<String> SOURCE_KINDS =
      List.of("PersistentVolumeClaim", "VolumeSnapshot");

  @Override
  public void fill(ObjectNode claim) {
    var spec = Json.child(claim, "spec");
    Json.fill(spec, "volumeMode", "Filesystem");
    Json.child(spec, "resources");
    sources(spec);
    Json.fill(Json.child(claim, "status"), "phase", "Pending");
  }

  /** The old and the new field for a data source say the same thing. */
  private static void sources(ObjectNode spec) {
    if (Json.has(spec, "dataSource")
        && !SOURCE_KINDS.contains(Json.text(spec, "dataSource", "kind"))) {
      spec.remove("dataSource");
    }
    if (Json.has(spec, "dataSource") && !Json.has(spec, "dataSourceRef")) {
      Json.take(spec, "dataSourceRef", Json.object().set("dataSourceRef", spec.get("dataSource")));
    } else if (Json.has(spec, "dataSourceRef")
        && !Json.has(spec, "dataSource")
        && !Json.has(spec, "dataSourceRef", "namespace")
        && SOURCE_KINDS.contains(Json.text(spec, "dataSourceRef", "kind"))) {
      spec.set("dataSource", spec.get("dataSourceRef").deepCopy());
    }
  }

  @Override
  public void prepareCreate(ObjectNode claim, World world) {
    claim.putObject("status").put("phase", "Pending");
    Finalizers.add(claim, PROTECTION);
    var spec = Json.child(claim, "spec");
    if (!Json.has(spec, "storageClassName")
        && !Json.has(claim, "metadata", "annotations", BETA_CLASS)) {
      world.all("storage.k8s.io", "storageclasses").stream()
          .filter(
              found -> Json.text(found, "metadata", "annotations", DEFAULT_CLASS).equals("true"))
          .max(Comparator.comparing(found -> Json.text(found, "metadata", "creationTimestamp")))
          .ifPresent(found -> spec.put("storageClassName", Json.text(found, "metadata", "name")));
    }
  }

  @Override
  public void check(ResourceType type, JsonNode claim, Complaints complaints) {
    accessModes(claim, complaints);
    var request = Json.at(claim, "spec", "resources", "requests", "storage");
    if (request.isMissingNode()) {
      complaints.add(FieldError.required("spec.resources[storage]", ""));
    } else {
      complaints.positive(request, "spec.resources[storage]");
    }
    complaints.oneOf(claim, "spec.volumeMode", VOLUME_MODES);
  }

  static void accessModes(JsonNode object, Complaints complaints) {
    var modes = Json.texts(object, "spec", "accessModes");
    if (modes.isEmpty()) {
      complaints.add(FieldError.required("spec.accessModes", "at least 1 access mode is required"));
    }
    for (var mode : modes) {
      if (!ACCESS_MODES.contains(mode)) {
        complaints.add(FieldError.notSupported("spec.accessModes", mode, ACCESS_MODES));
      }
    }
    if (modes.contains("ReadWriteOncePod") && modes.size() > 1) {
      complaints.add(
          FieldError.forbidden(
              "spec.accessModes", "may not use ReadWriteOncePod with other access modes"));
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode claim, Complaints complaints) {
    if (!SameJson.same(fixed(old, old, claim), fixed(claim, old, claim))) {
      complaints.add(FieldError.forbidden("spec", IMMUTABLE));
    }
    var oldSize = size(old, "spec", "resources", "requests");
    var newSize = size(claim, "spec", "resources", "requests");
    if (newSize.compareTo(oldSize) < 0 && newSize.compareTo(size(old, "status", "capacity")) <= 0) {
      complaints.add(
          FieldError.forbidden(
              "spec.resources.requests.storage", "field can not be less than status.capacity"));
    }
    var before = Json.text(old, "spec", "volumeAttributesClassName");
    if (!before.isEmpty()
        && Json.text(claim, "spec", "volumeAttributesClassName").isEmpty()
        && before.equals(Json.text(old, "status", "currentVolumeAttributesClassName"))) {
      complaints.add(
          FieldError.forbidden(
              "spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden"));
    }
  }

  /** The specification without what may change. */
  private static ObjectNode fixed(JsonNode claim, JsonNode old, JsonNode updated) {
    var spec = (ObjectNode) claim.path("spec").deepCopy();
    if (Json.text(old, "spec", "volumeName").isEmpty()) {
      spec.remove("volumeName");
    }
    if (!Json.has(old, "spec", "storageClassName")) {
      spec.remove("storageClassName");
    }
    if (Json.text(updated, "status", "phase").equals("Bound")) {
      spec.remove("volumeAttributesClassName");
      Json.child(Json.child(spec, "resources"), "requests").remove("storage");
    }
    return spec;
  }

  private static BigDecimal size(JsonNode claim, String... path) {
    return Quantity.of(Json.text(Json.at(claim, path), "storage"))
        .map(Quantity::value)
        .orElse(BigDecimal.ZERO);
  }

  @Override
  public List<String> admitUpdate(JsonNode old, JsonNode claim, World world) {
    var grows =
        size(claim, "spec", "resources", "requests")
                .compareTo(size(old, "spec", "resources", "requests"))
            > 0;
    if (!grows) {
      return List.of();
    }
    if (!Json.text(old, "status", "phase").equals("Bound")) {
      return List.of("Only bound persistent volume claims can be expanded");
    }
    var name = Json.text(claim, "spec", "storageClassName");
    var growing =
        world
            .find("storage.k8s.io", "storageclasses", "", name)
            .filter(found -> found.path("allowVolumeExpansion").asBoolean());
    return growing.isPresent()
        ? List.of()
        : List.of(
            "only dynamically provisioned pvc can be resized and the storageclass that provisions"
                + " the pvc must support resize");
  }
}
