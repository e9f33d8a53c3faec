package io.csi4j.e2e.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6902 as the API server's library has it, which is more tolerant in one point: {@code replace}
 * sets a member that is not there.
 */
public final class JsonPatch {
  private static final int OPERATIONS_MAX = 10_000;

  private JsonPatch() {}

  /** Changes the object; on failure it is half changed, and to be thrown away. */
  public static void apply(ObjectNode object, JsonNode patch) {
    if (!patch.isArray()) {
      throw ApiFailure.badRequest("error decoding patch: a JSON patch is a list of operations");
    }
    if (patch.size() > OPERATIONS_MAX) {
      throw ApiFailure.of(
          413,
          "RequestEntityTooLarge",
          "The allowed maximum operations in a JSON patch is %d, got %d"
              .formatted(OPERATIONS_MAX, patch.size()));
    }
    for (var operation : patch) {
      run(object, operation);
    }
  }

  private static void run(ObjectNode object, JsonNode operation) {
    var path = pointer(Json.text(operation, "path"));
    var value = operation.path("value");
    switch (Json.text(operation, "op")) {
      case "add" -> add(object, path, value.deepCopy());
      case "replace" -> replace(object, path, value.deepCopy());
      case "remove" -> remove(object, path);
      case "move" -> add(object, path, remove(object, pointer(Json.text(operation, "from"))));
      case "copy" -> add(object, path, find(object, pointer(Json.text(operation, "from"))));
      case "test" -> test(object, path, value);
      default -> throw ApiFailure.patchDoesNotApply();
    }
  }

  private static List<String> pointer(String text) {
    if (!text.startsWith("/")) {
      throw ApiFailure.patchDoesNotApply();
    }
    return Arrays.stream(text.substring(1).split("/", -1))
        .map(token -> token.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static @Nullable JsonNode look(JsonNode root, List<String> path) {
    var at = root;
    for (var token : path) {
      var next = at instanceof ArrayNode list ? list.get(index(token, list)) : at.get(token);
      if (next == null) {
        return null;
      }
      at = next;
    }
    return at;
  }

  private static JsonNode find(JsonNode root, List<String> path) {
    var found = look(root, path);
    if (found == null) {
      throw ApiFailure.patchDoesNotApply();
    }
    return found.deepCopy();
  }

  private static JsonNode parent(JsonNode root, List<String> path) {
    var found = look(root, path.subList(0, path.size() - 1));
    if (found == null || !found.isContainerNode()) {
      throw ApiFailure.patchDoesNotApply();
    }
    return found;
  }

  private static void add(JsonNode root, List<String> path, JsonNode value) {
    switch (parent(root, path)) {
      case ArrayNode list when path.getLast().equals("-") -> list.add(value);
      case ArrayNode list -> {
        var index = index(path.getLast(), list);
        if (index < 0 || index > list.size()) {
          throw ApiFailure.patchDoesNotApply();
        }
        list.insert(index, value);
      }
      case ObjectNode object -> object.set(path.getLast(), value);
      default -> throw ApiFailure.patchDoesNotApply();
    }
  }

  private static void replace(JsonNode root, List<String> path, JsonNode value) {
    if (parent(root, path) instanceof ArrayNode list) {
      var index = index(path.getLast(), list);
      if (!list.has(index)) {
        throw ApiFailure.patchDoesNotApply();
      }
      list.set(index, value);
    } else {
      add(root, path, value);
    }
  }

  private static JsonNode remove(JsonNode root, List<String> path) {
    var parent = parent(root, path);
    var removed =
        parent instanceof ArrayNode list
            ? list.remove(index(path.getLast(), list))
            : ((ObjectNode) parent).remove(path.getLast());
    if (removed == null) {
      throw ApiFailure.patchDoesNotApply();
    }
    return removed;
  }

  private static void test(JsonNode root, List<String> path, JsonNode value) {
    var found = look(root, path);
    var equal =
        (found == null || found.isNull())
            ? value.isNull() || value.isMissingNode()
            : SameJson.same(found, value);
    if (!equal) {
      throw ApiFailure.patchDoesNotApply();
    }
  }

  private static int index(String token, ArrayNode list) {
    if (!token.matches("-?\\d{1,9}")) {
      throw ApiFailure.patchDoesNotApply();
    }
    var index = Integer.parseInt(token);
    return index < 0 ? list.size() + index : index;
  }
}
