package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.List;

/**
 * VolumeSnapshot and VolumeSnapshotContent: their CRDs' rules in CEL, in Java. Sources are one of
 * two, and never change.
 */
record SnapshotRules() implements Rules {
  private static final String SOURCE = "spec.source";

  @Override
  public void check(ResourceType type, JsonNode object, Complaints complaints) {
    SchemaCheck.check(object, type.schema(), complaints);
    var members = members(type.kind());
    var present = members.stream().filter(Json.at(object, "spec", "source")::has).count();
    if (Json.has(object, "spec", "source") && present != 1) {
      complaints.add(
          FieldError.invalid(
              SOURCE,
              "object",
              "exactly one of %s and %s must be set"
                  .formatted(members.getFirst(), members.getLast())));
    }
    var reference = Json.at(object, "spec", "volumeSnapshotRef");
    if (reference.isObject() && !(reference.has("name") && reference.has("namespace"))) {
      complaints.add(
          FieldError.invalid(
              "spec.volumeSnapshotRef",
              "object",
              "both spec.volumeSnapshotRef.name and spec.volumeSnapshotRef.namespace must be set"));
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode object, Complaints complaints) {
    for (var member : members(Json.text(object, "kind"))) {
      var before = Json.at(old, "spec", "source", member);
      var after = Json.at(object, "spec", "source", member);
      if (!before.isMissingNode() && !before.equals(after)) {
        complaints.add(
            FieldError.invalid(SOURCE + "." + member, after.asText(), member + " is immutable"));
      }
    }
    var mode = Json.at(old, "spec", "sourceVolumeMode");
    if (!mode.isMissingNode() && !mode.equals(Json.at(object, "spec", "sourceVolumeMode"))) {
      complaints.add(
          FieldError.invalid(
              "spec.sourceVolumeMode", mode.asText(), "sourceVolumeMode is immutable"));
    }
  }

  private static List<String> members(String kind) {
    return kind.equals("VolumeSnapshot")
        ? List.of("persistentVolumeClaimName", "volumeSnapshotContentName")
        : List.of("volumeHandle", "snapshotHandle");
  }
}
