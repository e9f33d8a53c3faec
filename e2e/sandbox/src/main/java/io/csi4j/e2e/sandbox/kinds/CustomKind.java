package io.csi4j.e2e.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Names;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Scope;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Reads the kinds that a CustomResourceDefinition defines, one for each served version. */
final class CustomKind {

  private CustomKind() {}

  static List<ResourceType> of(JsonNode definition) {
    var spec = definition.path("spec");
    var words = spec.path("names");
    var names =
        new Names(
            Json.text(words, "kind"),
            Json.text(words, "plural"),
            Json.text(words, "singular"),
            Json.texts(words, "shortNames"),
            Json.texts(words, "categories"));
    var scope = Json.text(spec, "scope").equals("Namespaced") ? Scope.NAMESPACED : Scope.CLUSTER;
    var group = Json.text(spec, "group");
    return Json.items(spec, "versions")
        .filter(version -> version.path("served").asBoolean())
        .map(version -> version(group, names, scope, version))
        .toList();
  }

  private static ResourceType version(String group, Names names, Scope scope, JsonNode version) {
    var traits = EnumSet.of(Trait.CUSTOM, Trait.GENERATION);
    if (Json.has(version, "subresources", "status")) {
      traits.add(Trait.STATUS);
    }
    var schema = Json.at(version, "schema", "openAPIV3Schema");
    return new ResourceType(
        group,
        Json.text(version, "name"),
        names,
        scope,
        traits,
        CustomFields.of(schema),
        schema,
        columns(version));
  }

  private static List<Column> columns(JsonNode version) {
    var columns = new ArrayList<Column>();
    columns.add(Column.name());
    Json.items(version, "additionalPrinterColumns").map(CustomKind::column).forEach(columns::add);
    if (columns.size() == 1) {
      columns.add(Column.age());
    }
    return columns;
  }

  private static Column column(JsonNode declared) {
    var path = Json.text(declared, "jsonPath").split("\\.", -1);
    var type = Json.text(declared, "type");
    return new Column(
        Json.text(declared, "name"),
        type,
        Json.text(declared, "format"),
        declared.path("priority").asInt(),
        (object, now) -> {
          var value = object;
          for (var index = 1; index < path.length; index++) {
            value = value.path(path[index]);
          }
          return type.equals("date") && value.isTextual()
              ? TextNode.valueOf(Times.age(value.asText(), now))
              : Column.present(value);
        });
  }
}
