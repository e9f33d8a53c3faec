package io.csi4j.sidecars.kit.csi;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.csi4j.proto.csi.v1.Csi;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A message as one line of JSON without its secrets, made only when it is printed. Keys are the
 * names of the specification, sorted; only fields that are set are shown; what the specification
 * marks as secret is shown as {@code ***stripped***}, however deep it lies. Fields that this
 * program does not know are never shown: they may be secrets of a newer specification.
 */
public final class Redacted {
  private static final String STRIPPED = "***stripped***";

  private final @Nullable Object value;

  private Redacted(@Nullable Object value) {
    this.value = value;
  }

  /** Of a message, a scalar or null. */
  public static Redacted of(@Nullable Object value) {
    return new Redacted(value);
  }

  @Override
  public String toString() {
    var json = new StringBuilder();
    append(json, value);
    return json.toString();
  }

  /** Cut to a number of characters, with a word that says so; zero or less cuts nothing. */
  public String toString(int charactersMax) {
    var whole = toString();
    if (charactersMax <= 0 || whole.length() <= charactersMax) {
      return whole;
    }
    return "%s [response body too large, log capped to %d chars]"
        .formatted(whole.substring(0, charactersMax), charactersMax);
  }

  private static void append(StringBuilder json, @Nullable Object value) {
    switch (value) {
      case null -> json.append("null");
      case Message message -> appendMessage(json, message);
      case EnumValueDescriptor constant -> appendEnum(json, constant);
      case ByteString bytes -> quote(json, Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Collection<?> items -> appendList(json, items);
      case Number number -> json.append(number);
      case Boolean truth -> json.append(truth);
      default -> quote(json, value.toString());
    }
  }

  private static void appendMessage(StringBuilder json, Message message) {
    var fields = new TreeMap<String, FieldDescriptor>();
    message.getAllFields().keySet().forEach(field -> fields.put(nameOf(field), field));
    json.append('{');
    var separator = "";
    for (var field : fields.entrySet()) {
      json.append(separator);
      quote(json, field.getKey());
      json.append(':');
      appendField(json, field.getValue(), message.getField(field.getValue()));
      separator = ",";
    }
    json.append('}');
  }

  private static void appendField(StringBuilder json, FieldDescriptor field, Object value) {
    if (field.getOptions().getExtension(Csi.csiSecret)) {
      quote(json, STRIPPED);
    } else if (field.isMapField()) {
      appendMap(json, (List<?>) value);
    } else {
      append(json, value);
    }
  }

  private static void appendList(StringBuilder json, Collection<?> items) {
    json.append('[');
    var separator = "";
    for (var item : items) {
      json.append(separator);
      append(json, item);
      separator = ",";
    }
    json.append(']');
  }

  private static void appendMap(StringBuilder json, List<?> entries) {
    var sorted = new TreeMap<String, Object>();
    for (var each : entries) {
      var entry = (Message) each;
      var key = entry.getField(entry.getDescriptorForType().findFieldByNumber(1));
      sorted.put(key.toString(), entry.getField(entry.getDescriptorForType().findFieldByNumber(2)));
    }
    json.append('{');
    var separator = "";
    for (var entry : sorted.entrySet()) {
      json.append(separator);
      quote(json, entry.getKey());
      json.append(':');
      append(json, entry.getValue());
      separator = ",";
    }
    json.append('}');
  }

  /** A number that this program has no name for is shown as a number. */
  private static void appendEnum(StringBuilder json, EnumValueDescriptor constant) {
    if (constant.getIndex() < 0) {
      json.append(constant.getNumber());
    } else {
      quote(json, constant.getName());
    }
  }

  /** The name in the specification, where our files had to use another one. */
  private static String nameOf(FieldDescriptor field) {
    return field.getName().equals("parameters_mutable") ? field.getJsonName() : field.getName();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
