package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.Locale;

/** CustomResourceDefinition: accepted and established at once. */
record DefinitionRules() implements Rules {

  @Override
  public void fill(ObjectNode definition) {
    var spec = Json.child(definition, "spec");
    var names = Json.child(spec, "names");
    Json.fill(names, "singular", Json.text(names, "kind").toLowerCase(Locale.ROOT));
    Json.fill(names, "listKind", Json.text(names, "kind") + "List");
    Json.fill(Json.child(spec, "conversion"), "strategy", "None");
  }

  @Override
  public void prepareCreate(ObjectNode definition, World world) {
    var status = definition.putObject("status");
    var conditions = status.putArray("conditions");
    condition(conditions.addObject(), "NamesAccepted", "NoConflicts", "no conflicts found", world);
    condition(
        conditions.addObject(),
        "Established",
        "InitialNamesAccepted",
        "the initial names have been accepted",
        world);
    status.set("acceptedNames", Json.at(definition, "spec", "names").deepCopy());
    var stored = status.putArray("storedVersions");
    Json.items(definition, "spec", "versions")
        .filter(version -> version.path("storage").asBoolean())
        .forEach(version -> stored.add(Json.text(version, "name")));
  }

  private static void condition(
      ObjectNode condition, String type, String reason, String message, World world) {
    condition.put("type", type).put("status", "True").put("reason", reason);
    condition.put("message", message).put("lastTransitionTime", Times.text(world.now()));
  }

  @Override
  public void check(ResourceType type, JsonNode definition, Complaints complaints) {
    var name = Json.text(definition, "metadata", "name");
    var wanted =
        Json.text(definition, "spec", "names", "plural")
            + "."
            + Json.text(definition, "spec", "group");
    if (!name.equals(wanted)) {
      complaints.add(
          FieldError.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
    }
    complaints.oneOf(definition, "spec.scope", java.util.List.of("Cluster", "Namespaced"));
    complaints.required(definition, "spec.scope");
    complaints.required(definition, "spec.names.kind");
    var stored =
        Json.items(definition, "spec", "versions")
            .filter(version -> version.path("storage").asBoolean())
            .count();
    if (stored != 1) {
      complaints.add(
          FieldError.invalid(
              "spec.versions",
              Json.at(definition, "spec", "versions"),
              "must have exactly one version marked as storage version"));
    }
  }
}
