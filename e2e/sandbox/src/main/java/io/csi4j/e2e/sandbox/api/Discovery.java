package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Which groups, versions and kinds there are. */
final class Discovery {
  private static final String VERSION = "v1.36.1";

  private final Kinds kinds;

  Discovery(Kinds kinds) {
    this.kinds = kinds;
  }

  /** Empty where the path is not one of discovery's. */
  Optional<Answer> answer(Request request) {
    var path = request.path();
    var root = path.isEmpty() ? "" : path.getFirst();
    return switch (root + path.size()) {
      case "0" -> Optional.of(Answer.json(200, paths()));
      case "version1" -> Optional.of(Answer.json(200, version()));
      case "api1" -> Optional.of(Answer.json(200, coreVersions()));
      case "api2" -> Optional.of(resources("", path.get(1)));
      case "apis1" -> Optional.of(Answer.json(200, groups()));
      case "apis2" -> Optional.of(Answer.json(200, group(path.get(1))));
      case "apis3" -> Optional.of(resources(path.get(1), path.get(2)));
      default -> root.equals("openapi") ? OpenApi.answer(kinds, path) : Optional.empty();
    };
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "36")
        .put("gitVersion", VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("platform", "linux/amd64");
  }

  private ObjectNode paths() {
    var paths = Json.object();
    var list = paths.putArray("paths");
    versions().keySet().forEach(list::add);
    return paths;
  }

  private static ObjectNode coreVersions() {
    var found = Json.object().put("kind", "APIVersions");
    found.putArray("versions").add("v1");
    found.putArray("serverAddressByClientCIDRs");
    return found;
  }

  private ObjectNode groups() {
    var list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    var groups = list.putArray("groups");
    kinds.all().stream()
        .map(ResourceType::group)
        .filter(name -> !name.isEmpty())
        .distinct()
        .forEach(name -> groups.add(group(name).without(List.of("kind", "apiVersion"))));
    return list;
  }

  private ObjectNode group(String name) {
    var group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
    var versions = group.putArray("versions");
    kinds.all().stream()
        .filter(type -> type.group().equals(name))
        .map(ResourceType::version)
        .distinct()
        .forEach(
            version ->
                versions
                    .addObject()
                    .put("groupVersion", name + "/" + version)
                    .put("version", version));
    if (versions.isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    group.set("preferredVersion", versions.get(0));
    return group;
  }

  private Answer resources(String group, String version) {
    var found =
        kinds.all().stream()
            .filter(type -> type.group().equals(group) && type.version().equals(version))
            .toList();
    if (found.isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    var list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", found.getFirst().apiVersion());
    var resources = list.putArray("resources");
    for (var type : found) {
      resources.add(resource(type));
      for (var part : Routes.subresources(type)) {
        resources.add(part(type, part));
      }
    }
    return Answer.json(200, list);
  }

  private static JsonNode resource(ResourceType type) {
    var resource = Json.object().put("name", type.plural());
    resource.put("singularName", type.names().singular()).put("namespaced", type.namespaced());
    resource.put("kind", type.kind());
    texts(resource, "verbs", verbs(type));
    texts(resource, "shortNames", type.names().shortNames());
    texts(resource, "categories", type.names().categories());
    return resource;
  }

  private static JsonNode part(ResourceType type, String part) {
    var resource = Json.object().put("name", type.plural() + "/" + part).put("singularName", "");
    resource.put("namespaced", type.namespaced());
    switch (part) {
      case "binding" -> resource.put("kind", "Binding");
      case "token" ->
          resource
              .put("group", "authentication.k8s.io")
              .put("version", "v1")
              .put("kind", "TokenRequest");
      default -> resource.put("kind", type.kind());
    }
    texts(resource, "verbs", partVerbs(part));
    return resource;
  }

  static List<String> verbs(ResourceType type) {
    return type.has(Trait.REVIEW)
        ? List.of("create")
        : List.of(
            "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  }

  private static List<String> partVerbs(String part) {
    return switch (part) {
      case "binding", "token" -> List.of("create");
      case "finalize" -> List.of("update");
      default -> List.of("get", "patch", "update");
    };
  }

  private static void texts(ObjectNode into, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      var list = into.putArray(name);
      texts.forEach(list::add);
    }
  }

  /** Kinds by the path of their group and version. */
  private Map<String, List<ResourceType>> versions() {
    var versions = new LinkedHashMap<String, List<ResourceType>>();
    for (var type : kinds.all()) {
      versions.computeIfAbsent(type.root(), _ -> new ArrayList<>()).add(type);
    }
    return versions;
  }
}
