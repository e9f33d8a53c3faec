package io.csi4j.sidecars.kit.explain;

import io.csi4j.sidecars.kit.options.Flags;

/** How an explanation is written. */
public enum Form {
  TEXT,
  JSON;

  /** By {@code -o}. */
  public static Form from(Flags flags) {
    var text = flags.text("o", "text", "text for people, json for programs");
    flags.require(text.equals("text") || text.equals("json"), "o", "text or json (default text)");
    return text.equals("json") ? JSON : TEXT;
  }

  public String of(Explanation explanation) {
    return switch (this) {
      case TEXT -> explanation.text();
      case JSON -> explanation.json();
    };
  }
}
