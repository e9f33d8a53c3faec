package io.csi4j.driver.local;

import java.util.Map;
import java.util.Optional;

/**
 * Whether a volume takes its room on the disk at once. Parameter {@code allocation} of the storage
 * class.
 */
enum Allocation {
  /** As it is written to. */
  THIN("thin"),
  /** When it is made, so that it can always be filled. */
  THICK("thick");

  static final String PARAMETER = "allocation";

  private final String word;

  Allocation(String word) {
    this.word = word;
  }

  static Allocation of(Map<String, String> parameters) {
    var text = parameters.getOrDefault(PARAMETER, THIN.word);
    return parse(text).orElseThrow(() -> new IllegalStateException("unchecked " + text));
  }

  static Optional<Allocation> parse(String text) {
    for (var allocation : values()) {
      if (allocation.word.equals(text)) {
        return Optional.of(allocation);
      }
    }
    return Optional.empty();
  }
}
