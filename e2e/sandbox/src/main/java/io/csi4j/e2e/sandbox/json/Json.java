package io.csi4j.e2e.sandbox.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Short words for trees. A missing member reads as an empty text, an empty list, a missing node.
 */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Fails with the parser's own words. */
  public static JsonNode parse(byte[] bytes) throws IOException {
    return MAPPER.readTree(bytes);
  }

  /** For texts that are part of this program. */
  public static ObjectNode parseObject(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode at(JsonNode node, String... path) {
    var at = node;
    for (var name : path) {
      at = at.path(name);
    }
    return at;
  }

  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  public static boolean has(JsonNode node, String... path) {
    var found = at(node, path);
    return !found.isMissingNode() && !found.isNull();
  }

  public static Stream<JsonNode> items(JsonNode node, String... path) {
    return StreamSupport.stream(at(node, path).spliterator(), false);
  }

  public static List<String> texts(JsonNode node, String... path) {
    return items(node, path).map(item -> item.asText("")).toList();
  }

  /** The member as an object, made where it is missing or of another shape. */
  public static ObjectNode child(ObjectNode node, String name) {
    return node.get(name) instanceof ObjectNode child ? child : node.putObject(name);
  }

  /** The member as a list, made where it is missing or of another shape. */
  public static ArrayNode list(ObjectNode node, String name) {
    return node.get(name) instanceof ArrayNode child ? child : node.putArray(name);
  }

  public static List<String> names(JsonNode node) {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Sets the member unless there is one. */
  public static void fill(ObjectNode node, String name, String value) {
    if (!has(node, name) || text(node, name).isEmpty()) {
      node.put(name, value);
    }
  }

  /** Sets the member unless there is one. */
  public static void fill(ObjectNode node, String name, boolean value) {
    if (!has(node, name)) {
      node.put(name, value);
    }
  }

  /** Replaces a member by that of another object, or removes it where that has none. */
  public static void take(ObjectNode into, String name, JsonNode from) {
    var value = from.get(name);
    if (value == null) {
      into.remove(name);
    } else {
      into.set(name, value.deepCopy());
    }
  }
}
