package io.csi4j.e2e.sandbox.api;

import io.csi4j.e2e.sandbox.kinds.Kinds;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.List;
import java.util.Optional;

/** Reads paths below {@code /api/v1/} and {@code /apis/GROUP/VERSION/}. */
final class Routes {
  private final Kinds kinds;

  Routes(Kinds kinds) {
    this.kinds = kinds;
  }

  /** The target of a path; empty where the path is not that of objects. */
  Optional<Target> find(List<String> path) {
    if (path.size() >= 3 && path.get(0).equals("api")) {
      return Optional.of(target("", path.get(1), path.subList(2, path.size())));
    }
    if (path.size() >= 4 && path.get(0).equals("apis")) {
      return Optional.of(target(path.get(1), path.get(2), path.subList(3, path.size())));
    }
    return Optional.empty();
  }

  private Target target(String group, String version, List<String> rest) {
    var below = rest.size() >= 3 && rest.get(0).equals("namespaces") && !isPartOfNamespace(rest);
    if (below) {
      return within(type(group, version, rest.get(2)), rest.get(1), rest.subList(3, rest.size()));
    }
    return within(type(group, version, rest.get(0)), "", rest.subList(1, rest.size()));
  }

  private static boolean isPartOfNamespace(List<String> rest) {
    return rest.size() == 3 && List.of("status", "finalize").contains(rest.get(2));
  }

  private static Target within(ResourceType type, String namespace, List<String> rest) {
    if (rest.size() > 2 || (!type.namespaced() && !namespace.isEmpty())) {
      throw ApiFailure.noSuchPath();
    }
    var name = rest.isEmpty() ? "" : rest.get(0);
    var subresource = rest.size() < 2 ? "" : rest.get(1);
    if (type.namespaced() && namespace.isEmpty() && !name.isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    if (!subresource.isEmpty() && !subresources(type).contains(subresource)) {
      throw ApiFailure.noSuchPath();
    }
    return new Target(type, namespace, name, subresource);
  }

  static List<String> subresources(ResourceType type) {
    return switch (type.shelf()) {
      case "namespaces" -> List.of("finalize", "status");
      case "pods" -> List.of("binding", "status");
      case "serviceaccounts" -> List.of("token");
      default -> type.has(Trait.STATUS) ? List.of("status") : List.of();
    };
  }

  private ResourceType type(String group, String version, String plural) {
    return kinds.find(group, version, plural).orElseThrow(ApiFailure::noSuchPath);
  }
}
