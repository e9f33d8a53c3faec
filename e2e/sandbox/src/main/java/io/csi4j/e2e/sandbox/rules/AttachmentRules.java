package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;

/** VolumeAttachment. */
record AttachmentRules() implements Rules {

  @Override
  public void fill(ObjectNode attachment) {
    Json.fill(Json.child(attachment, "status"), "attached", false);
  }

  @Override
  public void prepareCreate(ObjectNode attachment, World world) {
    attachment.putObject("status").put("attached", false);
  }

  @Override
  public void check(ResourceType type, JsonNode attachment, Complaints complaints) {
    complaints.required(attachment, "spec.attacher");
    complaints.required(attachment, "spec.nodeName");
    var source = Json.at(attachment, "spec", "source");
    var byName = Json.has(source, "persistentVolumeName");
    var inline = Json.has(source, "inlineVolumeSpec");
    if (!byName && !inline) {
      complaints.add(
          FieldError.required(
              "spec.source",
              "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
    } else if (byName && inline) {
      complaints.add(
          FieldError.forbidden(
              "spec.source",
              "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode attachment, Complaints complaints) {
    complaints.unchanged(old, attachment, "spec");
  }
}
