package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Walks over streamed JSON. A value that nobody reads is skipped, whatever is inside. */
public final class Fields {

  /** Annotations say the same in thousands of objects. */
  private static final RecentTexts RECENT = new RecentTexts();

  private Fields() {}

  /** Sees one field; the parser stands on its value. */
  @FunctionalInterface
  public interface Visitor {
    void visit(String name) throws IOException;
  }

  /** Reads one element of an array; the parser stands on it. */
  @FunctionalInterface
  public interface Element<T> {
    T read(JsonParser json) throws IOException;
  }

  /**
   * Visits each field of the object that the parser stands on; null counts as an object without
   * fields.
   */
  public static void each(JsonParser json, Visitor visitor) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      json.nextToken();
      visitor.visit(name);
      // A visitor that took no interest leaves the parser at the value's beginning.
      json.skipChildren();
    }
  }

  public static <T> List<T> list(JsonParser json, Element<T> element) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return List.of();
    }
    var items = new ArrayList<T>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(element.read(json));
    }
    return List.copyOf(items);
  }

  /** A text; empty where it is null. */
  public static String text(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL ? "" : json.getText();
  }

  /** A text that many objects share, such as a class or a driver, kept once. */
  public static String sharedText(JsonParser json) throws IOException {
    return text(json).intern();
  }

  public static boolean truth(JsonParser json) {
    return json.currentToken() == JsonToken.VALUE_TRUE;
  }

  public static List<String> sharedTexts(JsonParser json) throws IOException {
    return list(json, Fields::sharedText);
  }

  /** A map of texts in the order of the server. */
  public static Map<String, String> texts(JsonParser json, Predicate<String> wanted)
      throws IOException {
    var pairs = new ArrayList<String>();
    each(
        json,
        name -> {
          if (wanted.test(name)) {
            pairs.add(name);
            pairs.add(RECENT.shared(text(json)));
          }
        });
    return TextMap.of(pairs);
  }
}
