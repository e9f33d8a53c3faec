package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** RFC 6902 as the API server applies it: a test for null holds where there is nothing. */
final class JsonPatch {
  private JsonPatch() {}

  /**
   * Throws {@link IllegalArgumentException} where an operation cannot be done or a test does not
   * hold.
   */
  static void apply(ObjectNode target, ArrayNode operations) {
    for (var operation : operations) {
      apply(target, operation);
    }
  }

  private static void apply(ObjectNode target, JsonNode operation) {
    var path = JsonPointer.compile(operation.path("path").asText());
    switch (operation.path("op").asText()) {
      case "test" -> test(target, path, operation.path("value"));
      case "add" -> add(target.at(path.head()), path.last(), operation.path("value"));
      case "replace" -> {
        remove(target.at(path.head()), path.last());
        add(target.at(path.head()), path.last(), operation.path("value"));
      }
      case "remove" -> remove(target.at(path.head()), path.last());
      default -> throw new IllegalArgumentException("no such operation: " + operation);
    }
  }

  private static void test(ObjectNode target, JsonPointer path, JsonNode wanted) {
    var found = target.at(path);
    var bothNothing = (found.isMissingNode() || found.isNull()) && wanted.isNull();
    if (!bothNothing && !found.equals(wanted)) {
      throw new IllegalArgumentException("test of %s does not hold: %s".formatted(path, found));
    }
  }

  private static void add(JsonNode parent, JsonPointer name, JsonNode value) {
    if (parent instanceof ObjectNode object) {
      object.set(name.getMatchingProperty(), value);
    } else if (parent instanceof ArrayNode array && name.getMatchingProperty().equals("-")) {
      array.add(value);
    } else if (parent instanceof ArrayNode array && array.size() >= name.getMatchingIndex()) {
      array.insert(name.getMatchingIndex(), value);
    } else {
      throw new IllegalArgumentException("nothing to add %s to".formatted(name));
    }
  }

  private static void remove(JsonNode parent, JsonPointer name) {
    JsonNode removed = null;
    if (parent instanceof ObjectNode object) {
      removed = object.remove(name.getMatchingProperty());
    } else if (parent instanceof ArrayNode array) {
      removed = array.remove(name.getMatchingIndex());
    }
    if (removed == null) {
      throw new IllegalArgumentException("nothing to remove at %s".formatted(name));
    }
  }
}
