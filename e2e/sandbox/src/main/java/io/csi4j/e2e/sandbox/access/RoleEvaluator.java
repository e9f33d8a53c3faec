package io.csi4j.e2e.sandbox.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.rules.World;
import java.util.List;
import java.util.stream.Stream;

/** Reads roles and their bindings as they are at the moment of asking. */
public final class RoleEvaluator {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private final World world;

  public RoleEvaluator(World world) {
    this.world = world;
  }

  public boolean allows(User user, Attempt attempt) {
    return user.isMaster()
        || rules(user, attempt.namespace()).anyMatch(rule -> grants(rule, attempt));
  }

  /** All rules that a user has in a namespace. */
  public Stream<JsonNode> rules(User user, String namespace) {
    var everywhere =
        bindings("clusterrolebindings", user, "").flatMap(binding -> role(binding, ""));
    if (namespace.isEmpty()) {
      return everywhere;
    }
    var here =
        bindings("rolebindings", user, namespace).flatMap(binding -> role(binding, namespace));
    return Stream.concat(everywhere, here);
  }

  private Stream<JsonNode> bindings(String plural, User user, String namespace) {
    return world.all(RBAC, plural).stream()
        .filter(binding -> Json.text(binding, "metadata", "namespace").equals(namespace))
        .filter(
            binding ->
                Json.items(binding, "subjects")
                    .anyMatch(subject -> names(subject, user, namespace)))
        .map(JsonNode.class::cast);
  }

  private static boolean names(JsonNode subject, User user, String bindingNamespace) {
    var name = Json.text(subject, "name");
    return switch (Json.text(subject, "kind")) {
      case "User" -> user.name().equals(name);
      case "Group" -> user.groups().contains(name);
      case "ServiceAccount" -> {
        var own = Json.text(subject, "namespace");
        var namespace = own.isEmpty() ? bindingNamespace : own;
        yield user.name().equals("system:serviceaccount:%s:%s".formatted(namespace, name));
      }
      default -> false;
    };
  }

  private Stream<JsonNode> role(JsonNode binding, String namespace) {
    var clusterWide = Json.text(binding, "roleRef", "kind").equals("ClusterRole");
    var name = Json.text(binding, "roleRef", "name");
    return world
        .find(RBAC, clusterWide ? "clusterroles" : "roles", clusterWide ? "" : namespace, name)
        .stream()
        .flatMap(role -> Json.items(role, "rules"));
  }

  private static boolean grants(JsonNode rule, Attempt attempt) {
    var names = Json.texts(rule, "resourceNames");
    return matches(Json.texts(rule, "verbs"), attempt.verb())
        && matches(Json.texts(rule, "apiGroups"), attempt.group())
        && resource(Json.texts(rule, "resources"), attempt.resource())
        && (names.isEmpty() || names.contains(attempt.name()));
  }

  private static boolean matches(List<String> words, String word) {
    return words.contains("*") || words.contains(word);
  }

  private static boolean resource(List<String> words, String resource) {
    var slash = resource.indexOf('/');
    return matches(words, resource)
        || (slash > 0 && words.contains("*/" + resource.substring(slash + 1)));
  }
}
