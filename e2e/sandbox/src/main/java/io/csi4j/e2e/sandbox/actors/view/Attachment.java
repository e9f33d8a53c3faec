package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.Map;

/** A VolumeAttachment. */
public record Attachment(ObjectNode json) implements ApiObject {

  public String attacher() {
    return Json.text(json, "spec", "attacher");
  }

  public String nodeName() {
    return Json.text(json, "spec", "nodeName");
  }

  public String volumeName() {
    return Json.text(json, "spec", "source", "persistentVolumeName");
  }

  public boolean attached() {
    return Json.at(json, "status", "attached").asBoolean();
  }

  /** Empty where the last attempt did not fail. */
  public String attachError() {
    return Json.text(json, "status", "attachError", "message");
  }

  /** The gRPC code of the failed attempt, 0 where it is not known. */
  public int attachErrorCode() {
    return Json.at(json, "status", "attachError", "errorCode").asInt();
  }

  public String detachError() {
    return Json.text(json, "status", "detachError", "message");
  }

  public Map<String, String> metadata() {
    return texts("status", "attachmentMetadata");
  }
}
