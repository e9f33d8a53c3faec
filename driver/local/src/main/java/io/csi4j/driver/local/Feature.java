package io.csi4j.driver.local;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What can be turned on or off. */
public enum Feature {
  /** Growing volumes from afar. */
  CONTROLLER_EXPANSION(true),
  /** Growing volumes on the node. */
  NODE_EXPANSION(true),
  LIST_SNAPSHOTS(true),
  /** Volumes that are written into a pod, and live as long as it does. */
  INLINE_VOLUMES(true),
  MODIFY_VOLUME(false),
  GET_VOLUME(false),
  GET_SNAPSHOT(false),
  VOLUME_HEALTH(false),
  SNAPSHOT_TOPOLOGY(false),
  SNAPSHOT_METADATA(false);

  private final boolean byDefault;

  Feature(boolean byDefault) {
    this.byDefault = byDefault;
  }

  /** What CSI calls alpha is not among them. */
  public static Set<Feature> defaults() {
    var features = EnumSet.noneOf(Feature.class);
    for (var feature : values()) {
      if (feature.byDefault) {
        features.add(feature);
      }
    }
    return Collections.unmodifiableSet(features);
  }

  /** By the word that users write, as in {@code get-volume}. */
  public static Optional<Feature> named(String word) {
    for (var feature : values()) {
      if (feature.word().equals(word)) {
        return Optional.of(feature);
      }
    }
    return Optional.empty();
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
