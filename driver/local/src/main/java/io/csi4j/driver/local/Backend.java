package io.csi4j.driver.local;

import java.util.Map;
import java.util.Optional;

/** What a volume with a file system is made of. Parameter {@code backend} of the storage class. */
enum Backend {
  /** A file, seen as a disk by a loop device. */
  IMAGE("image"),
  /** A subvolume of the pool's own btrfs, limited by its quota group. */
  SUBVOLUME("subvolume");

  static final String PARAMETER = "backend";

  private final String word;

  Backend(String word) {
    this.word = word;
  }

  /** Empty when the class leaves it to us. */
  static Optional<Backend> asked(Map<String, String> parameters) {
    return Optional.ofNullable(parameters.get(PARAMETER)).flatMap(Backend::parse);
  }

  static Optional<Backend> parse(String text) {
    for (var backend : values()) {
      if (backend.word.equals(text)) {
        return Optional.of(backend);
      }
    }
    return Optional.empty();
  }
}
