package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a layer holds, in memory: paths without a leading slash, sorted, so that the order of a
 * folder's entries on the building machine does not matter.
 */
final class Tree {
  static final int PROGRAM = 0755;
  static final int DATA = 0644;

  private final SortedMap<String, Node> nodes = new TreeMap<>();

  /** All belong to root; owners differ in no image of ours. */
  sealed interface Node {
    int mode();

    record Folder(int mode) implements Node {}

    record Copy(Path source, int mode) implements Node {}

    record Text(String text, int mode) implements Node {}

    record Link(String target) implements Node {
      @Override
      public int mode() {
        return 0777;
      }
    }
  }

  Tree folder(String path, int mode) {
    put(path, new Node.Folder(mode));
    return this;
  }

  Tree copy(String path, Path source, int mode) {
    put(path, new Node.Copy(source, mode));
    return this;
  }

  Tree text(String path, String text) {
    put(path, new Node.Text(text, DATA));
    return this;
  }

  Tree link(String path, String target) {
    put(path, new Node.Link(target));
    return this;
  }

  /** Everything below a folder, with links as they are. */
  Tree copyAll(String path, Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(each -> !each.equals(folder)).toList()) {
        var at = path + "/" + folder.relativize(file);
        if (Files.isSymbolicLink(file)) {
          link(at, Files.readSymbolicLink(file).toString());
        } else if (Files.isRegularFile(file)) {
          copy(at, file, Files.isExecutable(file) ? PROGRAM : DATA);
        }
      }
    }
    return this;
  }

  SortedMap<String, Node> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /** A path brings its folders with it. */
  private void put(String path, Node node) {
    if (path.startsWith("/") || path.contains("..") || path.isEmpty()) {
      throw new IllegalArgumentException("not a path inside the image: " + path);
    }
    for (var slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      nodes.putIfAbsent(path.substring(0, slash), new Node.Folder(PROGRAM));
    }
    nodes.put(path, node);
  }
}
