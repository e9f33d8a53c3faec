package io.csi4j.e2e.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import java.time.Instant;

/**
 * A column of {@code kubectl get}.
 *
 * @param priority 0 for always, more for {@code -o wide}
 */
public record Column(String title, String type, String format, int priority, Cell cell) {

  /** Reads an object's cell. */
  @FunctionalInterface
  public interface Cell {
    JsonNode of(JsonNode object, Instant now);
  }

  /** Reads an object's cell as a text. */
  @FunctionalInterface
  interface TextCell {
    String of(JsonNode object);
  }

  static Column name() {
    return new Column(
        "Name", "string", "name", 0, (object, _) -> Json.at(object, "metadata", "name"));
  }

  static Column age() {
    return age("Age", 0, "metadata", "creationTimestamp");
  }

  static Column age(String name, int priority, String... path) {
    return new Column(
        name,
        "string",
        "",
        priority,
        (object, now) -> TextNode.valueOf(Times.age(Json.text(object, path), now)));
  }

  static Column created() {
    return new Column(
        "Created At",
        "date",
        "",
        0,
        (object, _) -> Json.at(object, "metadata", "creationTimestamp"));
  }

  static Column text(String name, TextCell cell) {
    return new Column(name, "string", "", 0, (object, _) -> TextNode.valueOf(cell.of(object)));
  }

  static Column wide(String name, TextCell cell) {
    return new Column(name, "string", "", 1, (object, _) -> TextNode.valueOf(cell.of(object)));
  }

  static Column value(String name, String type, String... path) {
    return new Column(name, type, "", 0, (object, _) -> present(Json.at(object, path)));
  }

  static Column computed(String name, String type, Cell cell) {
    return new Column(name, type, "", 0, cell);
  }

  Column formatted(String with) {
    return new Column(title, type, with, priority, cell);
  }

  static JsonNode present(JsonNode node) {
    return node.isMissingNode() ? NullNode.getInstance() : node;
  }
}
