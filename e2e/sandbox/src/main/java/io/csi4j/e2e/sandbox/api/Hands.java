package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes of those inside, by the same paths as everybody's. */
public final class Hands {
  private static final Logger log = LoggerFactory.getLogger(Hands.class);

  private final Writing writing;

  public Hands(Writing writing) {
    this.writing = writing;
  }

  public void create(ResourceType type, String namespace, ObjectNode object) {
    write("create", new Target(type, namespace, "", ""), "application/json", object);
  }

  /** Deletes this very object, and not one of the same name. */
  public void delete(ResourceType type, JsonNode object, String propagation) {
    var options = Json.object();
    if (!propagation.isEmpty()) {
      options.put("propagationPolicy", propagation);
    }
    options.putObject("preconditions").put("uid", Json.text(object, "metadata", "uid"));
    write("delete", target(type, object, ""), "application/json", options);
  }

  /** Takes a finalizer away, if the object is still as it was read; else its change comes again. */
  public void removeFinalizer(ResourceType type, JsonNode object, String finalizer) {
    var left = Json.array();
    Json.texts(object, "metadata", "finalizers").stream()
        .filter(word -> !word.equals(finalizer))
        .forEach(left::add);
    mergeMetadata(type, object, "finalizers", left);
  }

  public void setOwners(ResourceType type, JsonNode object, List<? extends JsonNode> owners) {
    var left = Json.array();
    owners.forEach(left::add);
    mergeMetadata(type, object, "ownerReferences", left);
  }

  private void mergeMetadata(ResourceType type, JsonNode object, String field, JsonNode value) {
    var patch = Json.object();
    var metadata = patch.putObject("metadata");
    metadata.put("resourceVersion", Json.text(object, "metadata", "resourceVersion"));
    metadata.set(field, value);
    write("patch", target(type, object, ""), "application/merge-patch+json", patch);
  }

  /** Lets a namespace go. */
  public void finish(ResourceType namespaces, ObjectNode namespace) {
    var done = namespace.deepCopy();
    Json.child(done, "spec").remove("finalizers");
    write("update", target(namespaces, namespace, "finalize"), "application/json", done);
  }

  private static Target target(ResourceType type, JsonNode object, String part) {
    return new Target(
        type,
        Json.text(object, "metadata", "namespace"),
        Json.text(object, "metadata", "name"),
        part);
  }

  private void write(String verb, Target target, String contentType, JsonNode body) {
    var request =
        new Request(
            verb, List.of(), Map.of(), Map.of("content-type", contentType), Json.bytes(body));
    try {
      writing.inside(verb, target, request);
    } catch (ApiFailure failure) {
      // Somebody was faster: what they wrote is a change that will be looked at, too.
      log.atDebug().addKeyValue("reason", failure.text()).log("housekeeping came too late");
    }
  }
}
