package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;

/** Role, ClusterRole and their bindings. */
record RoleRules() implements Rules {
  private static final String GROUP = "rbac.authorization.k8s.io";

  @Override
  public void fill(ObjectNode object) {
    if (!Json.text(object, "kind").endsWith("Binding")) {
      if (!object.path("rules").isArray()) {
        object.putNull("rules");
      }
      return;
    }
    Json.fill(Json.child(object, "roleRef"), "apiGroup", GROUP);
    for (var subject : object.path("subjects")) {
      if (!Json.text(subject, "kind").equals("ServiceAccount")) {
        Json.fill((ObjectNode) subject, "apiGroup", GROUP);
      }
    }
  }

  @Override
  public void check(ResourceType type, JsonNode object, Complaints complaints) {
    if (type.kind().endsWith("Binding")) {
      complaints.oneOf(object, "roleRef.kind", java.util.List.of("Role", "ClusterRole"));
      complaints.required(object, "roleRef.name");
    }
    var index = 0;
    for (var rule : object.path("rules")) {
      if (rule.path("verbs").isEmpty()) {
        complaints.add(
            FieldError.required(
                "rules[%d].verbs".formatted(index), "verbs must contain at least one value"));
      }
      index++;
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode object, Complaints complaints) {
    if (Json.text(object, "kind").endsWith("Binding")) {
      complaints.unchangedWith(old, object, "roleRef", "cannot change roleRef");
    }
  }
}
