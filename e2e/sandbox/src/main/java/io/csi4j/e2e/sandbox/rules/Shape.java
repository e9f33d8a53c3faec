package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Quantity;
import io.csi4j.e2e.sandbox.kinds.Fields;
import io.csi4j.e2e.sandbox.kinds.Fields.Closed;
import io.csi4j.e2e.sandbox.kinds.Fields.ListOf;
import io.csi4j.e2e.sandbox.kinds.Fields.MapOf;
import io.csi4j.e2e.sandbox.kinds.Fields.Open;
import io.csi4j.e2e.sandbox.kinds.Fields.Plain;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an object look as a typed server would have read and written it: unknown members go, and
 * members that say nothing, and quantities get their one spelling.
 */
public final class Shape {
  private final List<String> unknown = new ArrayList<>();

  /** A member is of another type than its kind says. */
  public static final class WrongType extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongType(String message) {
      super(message, null, false, false);
    }
  }

  private Shape() {}

  /**
   * Changes the object.
   *
   * @return the paths of the members that went because nobody knows them
   */
  public static List<String> normalise(ObjectNode object, Fields fields) {
    var shape = new Shape();
    shape.object("", object, fields);
    return List.copyOf(shape.unknown);
  }

  /** The same for kinds from CRDs: their schema sees to types, and what is empty stays. */
  public static List<String> prune(ObjectNode object, Fields fields) {
    var shape = new Shape();
    shape.prune("", object, fields);
    return List.copyOf(shape.unknown);
  }

  private void prune(String path, JsonNode value, Fields fields) {
    if (value.isArray() && fields instanceof ListOf(var items, _)) {
      var index = 0;
      for (var item : value) {
        prune("%s[%d]".formatted(path, index++), item, items);
      }
    } else if (value instanceof ObjectNode object) {
      for (var name : Json.names(object)) {
        var place = path.isEmpty() ? name : path + "." + name;
        var known = fields.known(name);
        if (known == null) {
          unknown.add(place);
          object.remove(name);
        } else if (place.equals("metadata") && object.get(name) instanceof ObjectNode metadata) {
          object(place, metadata, known);
        } else {
          prune(place, object.path(name), known);
        }
      }
    }
  }

  private void object(String path, ObjectNode object, Fields fields) {
    for (var name : Json.names(object)) {
      var place = path.isEmpty() ? name : path + "." + name;
      var known = fields.known(name);
      if (known == null) {
        unknown.add(place);
        object.remove(name);
        continue;
      }
      var value = object.get(name);
      if (value.isNull() || empty(value, known)) {
        object.remove(name);
      } else {
        value(place, object, name, known);
      }
    }
  }

  /** Empty lists and maps are not written; empty objects may mean something. */
  private static boolean empty(JsonNode value, Fields fields) {
    return switch (fields) {
      case ListOf _, MapOf _ -> value.isContainerNode() && value.isEmpty();
      case Open _, Plain _, Closed _ -> false;
    };
  }

  private void value(String path, ObjectNode object, String name, Fields fields) {
    var value = object.get(name);
    switch (fields) {
      case Open() -> {}
      case Plain(var type) -> plain(path, object, name, type);
      case Closed _, MapOf _ -> {
        if (!(value instanceof ObjectNode child)) {
          throw wrongType(path, value, "an object");
        }
        object(path, child, fields);
      }
      case ListOf(var items, _) -> {
        if (!value.isArray()) {
          throw wrongType(path, value, "a list");
        }
        var index = 0;
        for (var item : value) {
          if (item instanceof ObjectNode child) {
            object("%s[%d]".formatted(path, index), child, items);
          }
          index++;
        }
      }
    }
  }

  private static void plain(String path, ObjectNode object, String name, Fields.Type type) {
    var value = object.get(name);
    switch (type) {
      case TEXT -> require(value.isTextual(), path, value, "a string");
      case INTEGER -> require(value.isIntegralNumber(), path, value, "a whole number");
      case TRUTH -> require(value.isBoolean(), path, value, "a boolean");
      case INT_OR_TEXT -> require(value.isValueNode(), path, value, "a string or a number");
      case QUANTITY -> {
        var quantity = Quantity.of(value.asText());
        require(quantity.isPresent(), path, value, "a quantity");
        quantity.ifPresent(known -> object.put(name, known.canonical()));
      }
    }
  }

  private static void require(boolean fits, String path, JsonNode value, String wanted) {
    if (!fits) {
      throw wrongType(path, value, wanted);
    }
  }

  private static WrongType wrongType(String path, JsonNode value, String wanted) {
    return new WrongType(
        "json: cannot unmarshal %s into field %s, which is %s".formatted(value, path, wanted));
  }
}
