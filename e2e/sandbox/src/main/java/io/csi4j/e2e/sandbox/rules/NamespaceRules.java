package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;

/** Namespace: its finalizer is in its specification, and only /finalize takes it away. */
record NamespaceRules() implements Rules {
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  @Override
  public void fill(ObjectNode namespace) {
    var metadata = Json.child(namespace, "metadata");
    Json.child(metadata, "labels").put(NAME_LABEL, Json.text(metadata, "name"));
    Json.child(namespace, "spec");
    Json.fill(Json.child(namespace, "status"), "phase", "Active");
  }

  @Override
  public void prepareCreate(ObjectNode namespace, World world) {
    namespace.putObject("spec").putArray("finalizers").add("kubernetes");
    namespace.putObject("status").put("phase", "Active");
  }

  @Override
  public void prepareUpdate(JsonNode old, ObjectNode namespace, World world) {
    Json.take(namespace, "spec", old);
  }
}
