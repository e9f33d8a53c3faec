package io.csi4j.e2e.sandbox.actors.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;

/** What is mounted, by the kernel's table, and how to remove what is not. */
final class MountPoints {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int PATH_FIELD = 4;

  private MountPoints() {}

  static boolean contains(Path path) throws IOException {
    // A volume may be called anything: spaces and the like are written as octal numbers there.
    var wanted = path.toString().replace("\\", "\\134").replace(" ", "\\040");
    try (var lines = Files.lines(TABLE, StandardCharsets.UTF_8)) {
      return lines.anyMatch(line -> line.split(" ", -1)[PATH_FIELD].equals(wanted));
    }
  }

  /** Removes the file or empty folder unless something is mounted on it. */
  static void removeEmpty(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !contains(path)) {
      Files.delete(path);
    }
  }

  /** Removes a folder of our own making, and what is in it. */
  static void removeTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    java.util.List<Path> all;
    try (var files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (var path : all) {
      if (contains(path)) {
        throw new IOException("something is mounted on " + path);
      }
    }
    for (var path : all) {
      Files.deleteIfExists(path);
    }
  }
}
