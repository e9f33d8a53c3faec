package io.csi4j.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Folders with what is in them. */
final class Trees {
  private Trees() {}

  /** Not there is fine; links are removed, not followed. */
  static Path delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return folder;
    }
    List<Path> all;
    try (var files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (var file : all) {
      Files.deleteIfExists(file);
    }
    return folder;
  }
}
