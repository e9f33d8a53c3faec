package io.csi4j.driver.framework.mount;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Paths as the mount table writes them: no links on the way, and the last name itself never
 * followed.
 */
final class RealPaths {
  private RealPaths() {}

  /** Empty when the folder that the last name is in does not exist. */
  static Optional<Path> of(Path path) throws IOException {
    var absolute = path.toAbsolutePath().normalize();
    var parent = absolute.getParent();
    var name = absolute.getFileName();
    if (parent == null || name == null) {
      return Optional.of(absolute);
    }
    try {
      return Optional.of(parent.toRealPath().resolve(name));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
