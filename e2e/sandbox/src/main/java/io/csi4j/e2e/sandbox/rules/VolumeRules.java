package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.patch.SameJson;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.List;
import java.util.Set;

/** PersistentVolume. */
record VolumeRules() implements Rules {
  private static final String PROTECTION = "kubernetes.io/pv-protection";
  private static final List<String> POLICIES = List.of("Delete", "Recycle", "Retain");

  /** All members of the specification that are not the volume's source. */
  private static final Set<String> NOT_SOURCES =
      Set.of(
          "capacity",
          "accessModes",
          "claimRef",
          "persistentVolumeReclaimPolicy",
          "storageClassName",
          "mountOptions",
          "volumeMode",
          "nodeAffinity",
          "volumeAttributesClassName");

  /** Members of the source that may change. */
  private static final List<String> SECRETS =
      List.of("controllerExpandSecretRef", "nodeExpandSecretRef");

  @Override
  public void fill(ObjectNode volume) {
    var spec = Json.child(volume, "spec");
    Json.fill(spec, "volumeMode", "Filesystem");
    Json.fill(spec, "persistentVolumeReclaimPolicy", "Retain");
    Json.fill(Json.child(volume, "status"), "phase", "Pending");
  }

  @Override
  public void prepareCreate(ObjectNode volume, World world) {
    volume.putObject("status").put("phase", "Pending");
    moved(volume, world);
    Finalizers.add(volume, PROTECTION);
  }

  @Override
  public void prepareUpdate(JsonNode old, ObjectNode volume, World world) {
    if (!Json.text(old, "status", "phase").equals(Json.text(volume, "status", "phase"))) {
      moved(volume, world);
    }
  }

  private static void moved(ObjectNode volume, World world) {
    Json.child(volume, "status").put("lastPhaseTransitionTime", Times.text(world.now()));
  }

  @Override
  public void check(ResourceType type, JsonNode volume, Complaints complaints) {
    ClaimRules.accessModes(volume, complaints);
    var capacity = Json.at(volume, "spec", "capacity", "storage");
    if (capacity.isMissingNode()) {
      complaints.add(FieldError.required("spec.capacity", ""));
    } else {
      complaints.positive(capacity, "spec.capacity[storage]");
    }
    complaints.oneOf(volume, "spec.persistentVolumeReclaimPolicy", POLICIES);
    complaints.oneOf(volume, "spec.volumeMode", ClaimRules.VOLUME_MODES);
    if (source(volume).isEmpty()) {
      complaints.add(FieldError.required("spec", "must specify a volume type"));
    }
    if (Json.has(volume, "spec", "csi")) {
      complaints.required(volume, "spec.csi.driver");
      complaints.required(volume, "spec.csi.volumeHandle");
    }
  }

  static ObjectNode source(JsonNode volume) {
    var spec = (ObjectNode) volume.path("spec").deepCopy();
    spec.remove(NOT_SOURCES);
    if (spec.get("csi") instanceof ObjectNode csi) {
      csi.remove(SECRETS);
    }
    return spec;
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode volume, Complaints complaints) {
    if (!SameJson.same(source(old), source(volume))) {
      complaints.add(
          FieldError.forbidden(
              "spec.persistentvolumesource",
              "spec.persistentvolumesource is immutable after creation"));
    }
    complaints.unchanged(old, volume, "spec.volumeMode", "volumeMode");
    if (Json.has(old, "spec", "nodeAffinity")) {
      complaints.unchanged(old, volume, "spec.nodeAffinity", "nodeAffinity");
    }
  }
}
