package io.csi4j.e2e.sandbox.kinds;

import io.csi4j.e2e.sandbox.kinds.Fields.Closed;
import io.csi4j.e2e.sandbox.kinds.Fields.ListOf;
import io.csi4j.e2e.sandbox.kinds.Fields.MapOf;
import io.csi4j.e2e.sandbox.kinds.Fields.Merging;
import io.csi4j.e2e.sandbox.kinds.Fields.Plain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads {@code fields.txt}: one shape per line, {@code Name = member type, ...}; {@code []type} is
 * a list, {@code [key]type} one that merges by key, {@code [*]type} one that is united, {@code
 * {}type} a map, a capital letter begins another shape's name. A line may go on, indented.
 */
final class FieldsText {
  private static final Fields METADATA = load().shape("Meta");

  private final Map<String, String> lines;
  private final Map<String, Fields> shapes = new HashMap<>();

  private FieldsText(Map<String, String> lines) {
    this.lines = lines;
  }

  static FieldsText load() {
    try (var stream = FieldsText.class.getResourceAsStream("fields.txt")) {
      if (stream == null) {
        throw new IllegalStateException("fields.txt is not beside FieldsText");
      }
      return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FieldsText parse(String text) {
    var joined = text.replaceAll("(?m)^#.*\\n", "").replaceAll("\\n +", " ");
    return new FieldsText(
        joined
            .lines()
            .filter(line -> !line.isBlank())
            .map(line -> line.split(" *= *", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1])));
  }

  /** What all objects have. */
  static Fields metadata() {
    return METADATA;
  }

  /** The shape of a kind, with the members that all kinds have. */
  Fields kind(String name) {
    if (!lines.containsKey(name)) {
      return Fields.Open.ANY;
    }
    var members = new LinkedHashMap<String, Fields>();
    members.put("apiVersion", new Plain(Fields.Type.TEXT));
    members.put("kind", new Plain(Fields.Type.TEXT));
    members.put("metadata", shape("Meta"));
    members.putAll(((Closed) shape(name)).members());
    return new Closed(members);
  }

  private Fields shape(String name) {
    var known = shapes.get(name);
    if (known != null) {
      return known;
    }
    var line = lines.get(name);
    if (line == null) {
      throw new IllegalStateException("fields.txt names " + name + " and does not say what it is");
    }
    var members = new LinkedHashMap<String, Fields>();
    for (var member : line.split(",", -1)) {
      var parts = member.strip().split(" +", -1);
      members.put(parts[0], type(parts.length > 1 ? parts[1] : "text"));
    }
    var shape = new Closed(members);
    shapes.put(name, shape);
    return shape;
  }

  private Fields type(String word) {
    if (word.startsWith("{}")) {
      return new MapOf(type(word.substring(2)));
    }
    if (word.startsWith("[")) {
      var end = word.indexOf(']');
      return new ListOf(type(word.substring(end + 1)), merging(word.substring(1, end)));
    }
    return switch (word) {
      case "any" -> Fields.Open.ANY;
      case "text" -> new Plain(Fields.Type.TEXT);
      case "int" -> new Plain(Fields.Type.INTEGER);
      case "bool" -> new Plain(Fields.Type.TRUTH);
      case "quantity" -> new Plain(Fields.Type.QUANTITY);
      case "intOrText" -> new Plain(Fields.Type.INT_OR_TEXT);
      default -> shape(word);
    };
  }

  private static Merging merging(String word) {
    return switch (word) {
      case "" -> new Merging.Whole();
      case "*" -> new Merging.Union();
      default -> new Merging.ByKey(word);
    };
  }
}
