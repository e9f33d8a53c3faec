package io.csi4j.driver.local;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of a volume's device can be changed at any time, also while it is used. These are the
 * mutable parameters; a storage class may give their first values.
 *
 * @param readAheadKib how much is read ahead of a reader; null for the kernel's choice
 * @param dropsDiscards whether freed blocks stay allocated in the image
 */
record Tuning(@Nullable Integer readAheadKib, boolean dropsDiscards) {
  static final String READ_AHEAD = "readAheadKiB";
  static final String DISCARD = "discard";
  private static final String PASS = "pass";
  private static final String DROP = "drop";
  private static final int READ_AHEAD_KIB_MAX = 65_536;

  static boolean knows(String key) {
    return key.equals(READ_AHEAD) || key.equals(DISCARD);
  }

  /** Why this cannot be; empty when it can. */
  static Optional<String> objection(String key, String value) {
    return switch (key) {
      case READ_AHEAD ->
          value.matches("[0-9]{1,6}") && Integer.parseInt(value) <= READ_AHEAD_KIB_MAX
              ? Optional.empty()
              : Optional.of(
                  "parameter %s must be 0 to %d, not %s"
                      .formatted(READ_AHEAD, READ_AHEAD_KIB_MAX, value));
      case DISCARD ->
          value.equals(PASS) || value.equals(DROP)
              ? Optional.empty()
              : Optional.of(
                  "parameter %s must be %s or %s, not %s".formatted(DISCARD, PASS, DROP, value));
      default ->
          Optional.of(
              "mutable parameter %s is not known; known are: %s, %s"
                  .formatted(key, DISCARD, READ_AHEAD));
    };
  }

  static Optional<String> objection(SortedMap<String, String> parameters) {
    return parameters.entrySet().stream()
        .flatMap(each -> objection(each.getKey(), each.getValue()).stream())
        .findFirst();
  }

  /** As it is for this volume: what was changed last counts, then the class. */
  static Tuning of(VolumeRecord volume) {
    Map<String, String> all = new TreeMap<>(volume.parameters());
    all.putAll(volume.tuning());
    var readAhead = all.get(READ_AHEAD);
    // Whoever has paid for all blocks of a thick volume does not want to lose them by deleting.
    var fallback = volume.allocation() == Allocation.THICK ? DROP : PASS;
    return new Tuning(
        readAhead == null ? null : Integer.valueOf(readAhead),
        all.getOrDefault(DISCARD, fallback).equals(DROP));
  }
}
