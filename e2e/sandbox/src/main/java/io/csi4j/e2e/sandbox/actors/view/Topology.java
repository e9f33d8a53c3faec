package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.List;
import java.util.Map;

/** Which labels the selectors of Kubernetes select. */
final class Topology {
  private Topology() {}

  /** {@code nodeSelectorTerms}: one of them must fit. Nothing said, every node fits. */
  static boolean nodeSelector(JsonNode selector, Node node) {
    var terms = Json.at(selector, "nodeSelectorTerms");
    return terms.isEmpty() || Json.items(terms).anyMatch(term -> term(term, node));
  }

  private static boolean term(JsonNode term, Node node) {
    var fields = Map.of("metadata.name", node.name());
    return Json.items(term, "matchExpressions").allMatch(each -> expression(each, node.labels()))
        && Json.items(term, "matchFields").allMatch(each -> expression(each, fields));
  }

  /** {@code allowedTopologies} of a class. */
  static boolean allowed(JsonNode topologies, Node node) {
    return topologies.isEmpty()
        || Json.items(topologies)
            .anyMatch(
                each ->
                    Json.items(each, "matchLabelExpressions")
                        .allMatch(
                            label ->
                                Json.texts(label, "values")
                                    .contains(
                                        node.labels().getOrDefault(Json.text(label, "key"), ""))));
  }

  /** A label selector; an empty one selects everything. */
  static boolean labels(JsonNode selector, Map<String, String> labels) {
    return selector.path("matchLabels").properties().stream()
            .allMatch(entry -> entry.getValue().asText().equals(labels.get(entry.getKey())))
        && Json.items(selector, "matchExpressions").allMatch(each -> expression(each, labels));
  }

  private static boolean expression(JsonNode expression, Map<String, String> labels) {
    var value = labels.get(Json.text(expression, "key"));
    var values = Json.texts(expression, "values");
    return switch (Json.text(expression, "operator")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> value != null && compare(value, values) > 0;
      case "Lt" -> value != null && compare(value, values) < 0;
      default -> false;
    };
  }

  private static int compare(String value, List<String> values) {
    return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
  }
}
