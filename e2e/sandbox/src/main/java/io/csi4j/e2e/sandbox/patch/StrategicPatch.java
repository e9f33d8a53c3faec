package io.csi4j.e2e.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.Fields;
import io.csi4j.e2e.sandbox.kinds.Fields.ListOf;
import io.csi4j.e2e.sandbox.kinds.Fields.Merging;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A merge patch that knows which lists are maps or sets in disguise.
 *
 * <p>Directives: {@code $patch} (delete, replace, merge) in an object or a list's item, {@code
 * $deleteFromPrimitiveList/x}, {@code $setElementOrder/x} and {@code $retainKeys}.
 */
public final class StrategicPatch {
  private static final String DIRECTIVE = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String DELETE_ITEMS = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicPatch() {}

  /** Changes the object. */
  public static void apply(ObjectNode object, JsonNode patch, Fields shape) {
    if (Json.text(patch, DIRECTIVE).equals("replace")) {
      object.removeAll();
    } else if (Json.text(patch, DIRECTIVE).equals("delete")) {
      object.removeAll();
      return;
    }
    if (patch.has(RETAIN)) {
      object.retain(Json.texts(patch, RETAIN));
    }
    for (var name : Json.names(patch)) {
      if (name.startsWith(DELETE_ITEMS)) {
        deleteItems(Json.list(object, name.substring(DELETE_ITEMS.length())), patch.get(name));
      }
    }
    for (var name : Json.names(patch)) {
      if (!name.startsWith("$")) {
        member(object, name, patch.get(name), shape.member(name));
      }
    }
    for (var name : Json.names(patch)) {
      if (name.startsWith(ORDER)) {
        var list = name.substring(ORDER.length());
        order(object, list, patch.get(name), shape.member(list));
      }
    }
  }

  private static void member(ObjectNode object, String name, JsonNode value, Fields shape) {
    if (value.isNull()) {
      object.remove(name);
    } else if (value.isObject()) {
      if (Json.text(value, DIRECTIVE).equals("delete")) {
        object.remove(name);
      } else {
        apply(Json.child(object, name), value, shape);
      }
    } else if (value.isArray() && shape instanceof ListOf(var items, var merging)) {
      list(object, name, value, items, merging);
    } else {
      object.set(name, value.deepCopy());
    }
  }

  private static void list(
      ObjectNode object, String name, JsonNode value, Fields items, Merging merging) {
    switch (merging) {
      case Merging.Whole() -> object.set(name, value.deepCopy());
      case Merging.Union() -> unite(Json.list(object, name), value);
      case Merging.ByKey(var key) -> mergeItems(Json.list(object, name), value, key, items);
    }
  }

  private static void unite(ArrayNode list, JsonNode more) {
    for (var item : more) {
      if (Json.items(list).noneMatch(item::equals)) {
        list.add(item);
      }
    }
  }

  private static void deleteItems(ArrayNode list, JsonNode items) {
    for (var index = list.size() - 1; index >= 0; index--) {
      if (Json.items(items).anyMatch(list.get(index)::equals)) {
        list.remove(index);
      }
    }
  }

  private static void mergeItems(ArrayNode list, JsonNode patches, String key, Fields shape) {
    if (Json.items(patches).anyMatch(item -> directive(item).equals("replace"))) {
      list.removeAll();
    }
    for (var patch : patches) {
      var index = find(list, key, patch);
      if (directive(patch).equals("delete")) {
        if (index >= 0) {
          list.remove(index);
        }
      } else if (index >= 0) {
        apply((ObjectNode) list.get(index), patch, shape);
      } else if (patch.isObject() && patch.has(key)) {
        apply(list.addObject(), patch, shape);
      }
    }
  }

  private static String directive(JsonNode item) {
    return Json.text(item, DIRECTIVE);
  }

  private static int find(ArrayNode list, String key, JsonNode like) {
    for (var index = 0; index < list.size(); index++) {
      if (list.get(index).path(key).equals(like.path(key))) {
        return index;
      }
    }
    return -1;
  }

  /** Items that the order does not name keep their places behind those that it names. */
  private static void order(ObjectNode object, String name, JsonNode order, Fields shape) {
    if (!(object.get(name) instanceof ArrayNode list)) {
      return;
    }
    var key = shape instanceof ListOf(_, Merging.ByKey(var by)) ? by : "";
    var wanted = Json.items(order).map(item -> identity(item, key)).toList();
    var sorted = new ArrayList<JsonNode>();
    list.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(item -> rank(wanted, identity(item, key))));
    list.removeAll();
    list.addAll(sorted);
  }

  private static JsonNode identity(JsonNode item, String key) {
    return key.isEmpty() ? item : item.path(key);
  }

  private static int rank(List<JsonNode> wanted, JsonNode identity) {
    var rank = wanted.indexOf(identity);
    return rank < 0 ? wanted.size() : rank;
  }
}
