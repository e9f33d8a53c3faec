package io.csi4j.e2e.sandbox.kinds;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape of a value: what members an object has, and how lists in it merge. */
public sealed interface Fields {

  /** Any value, kept as it is. */
  record Open() implements Fields {
    static final Open ANY = new Open();
  }

  /** A text, number or truth. */
  record Plain(Type type) implements Fields {}

  /** An object with these members and no others. */
  record Closed(Map<String, Fields> members) implements Fields {
    public Closed {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /** An object with any keys, and values of one shape. */
  record MapOf(Fields values) implements Fields {}

  /** A list. */
  record ListOf(Fields items, Merging merging) implements Fields {}

  /** How a strategic merge patch treats a list. */
  sealed interface Merging {

    /** The patch's list takes the place of the old one. */
    record Whole() implements Merging {}

    /** Plain values are united. */
    record Union() implements Merging {}

    /** Items with the same value of the key are merged. */
    record ByKey(String key) implements Merging {}
  }

  /** What a plain value may be. */
  enum Type {
    TEXT,
    INTEGER,
    TRUTH,
    QUANTITY,
    INT_OR_TEXT
  }

  /** The shape of a member; open where this says nothing about it. */
  default Fields member(String name) {
    return switch (this) {
      case Closed(var members) -> members.getOrDefault(name, Open.ANY);
      case MapOf(var values) -> values;
      case Open _, Plain _, ListOf _ -> Open.ANY;
    };
  }

  /** The shape of a member, or nothing where there is no such member. */
  default @Nullable Fields known(String name) {
    return this instanceof Closed(var members) ? members.get(name) : member(name);
  }
}
