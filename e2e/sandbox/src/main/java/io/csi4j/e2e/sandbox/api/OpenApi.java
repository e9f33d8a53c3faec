package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.Kinds;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * As much of OpenAPI v3 as kubectl asks for: that writes of every kind can be validated here, so
 * that it need not do it itself.
 */
final class OpenApi {

  private OpenApi() {}

  static Optional<Answer> answer(Kinds kinds, List<String> path) {
    if (path.size() < 2 || !path.get(1).equals("v3")) {
      throw ApiFailure.noSuchPath();
    }
    var byRoot = byRoot(kinds);
    if (path.size() == 2) {
      return Optional.of(Answer.json(200, index(byRoot)));
    }
    var types = byRoot.get(String.join("/", path.subList(2, path.size())));
    if (types == null) {
      throw ApiFailure.noSuchPath();
    }
    return Optional.of(Answer.json(200, document(types)));
  }

  private static Map<String, List<ResourceType>> byRoot(Kinds kinds) {
    var byRoot = new LinkedHashMap<String, List<ResourceType>>();
    for (var type : kinds.all()) {
      byRoot.computeIfAbsent(type.root().substring(1), _ -> new ArrayList<>()).add(type);
    }
    return byRoot;
  }

  private static ObjectNode index(Map<String, List<ResourceType>> byRoot) {
    var index = Json.object();
    var paths = index.putObject("paths");
    for (var root : byRoot.keySet()) {
      paths.putObject(root).put("serverRelativeURL", "/openapi/v3/" + root);
    }
    return index;
  }

  private static ObjectNode document(List<ResourceType> types) {
    var document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "csi4j sandbox").put("version", "v1.36.1");
    var paths = document.putObject("paths");
    for (var type : types) {
      if (!type.has(Trait.REVIEW)) {
        path(paths, type);
      }
    }
    document.putObject("components").putObject("schemas");
    return document;
  }

  private static void path(ObjectNode paths, ResourceType type) {
    var below = type.namespaced() ? "/namespaces/{namespace}/" : "/";
    var collection = paths.putObject(type.root() + below + type.plural());
    operation(collection, "post", type);
    var object = paths.putObject(type.root() + below + type.plural() + "/{name}");
    operation(object, "patch", type);
    operation(object, "put", type);
  }

  private static void operation(ObjectNode path, String method, ResourceType type) {
    var operation = path.putObject(method);
    operation
        .putObject("x-kubernetes-group-version-kind")
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
    var parameters = operation.putArray("parameters");
    for (var name : List.of("dryRun", "fieldManager", "fieldValidation")) {
      parameters
          .addObject()
          .put("name", name)
          .put("in", "query")
          .putObject("schema")
          .put("type", "string");
    }
    operation.putObject("responses");
  }
}
