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
 * <p>Only what the kernel forgets with the device: numbers of loop devices are used again, by
 * others too. (Turning discard off is not among them for that reason: the kernel keeps it off for
 * good.)
 *
 * @param readAheadKib how much is read ahead of a reader; null for the kernel's choice
 * @param directIo whether the device goes by the node's page cache, which would hold all data twice
 */
record Tuning(@Nullable Integer readAheadKib, boolean directIo) {
  static final String READ_AHEAD = "readAheadKiB";
  static final String DIRECT_IO = "directIo";
  private static final String ON = "on";
  private static final String OFF = "off";
  private static final int READ_AHEAD_KIB_MAX = 65_536;

  static boolean knows(String key) {
    return key.equals(READ_AHEAD) || key.equals(DIRECT_IO);
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
      case DIRECT_IO ->
          value.equals(ON) || value.equals(OFF)
              ? Optional.empty()
              : Optional.of(
                  "parameter %s must be %s or %s, not %s".formatted(DIRECT_IO, ON, OFF, value));
      default ->
          Optional.of(
              "mutable parameter %s is not known; known are: %s, %s"
                  .formatted(key, DIRECT_IO, READ_AHEAD));
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
    return new Tuning(
        readAhead == null ? null : Integer.valueOf(readAhead),
        all.getOrDefault(DIRECT_IO, ON).equals(ON));
  }
}
