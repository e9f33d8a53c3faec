package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Fills the layer of libraries and file-system tools: of the packages just the programs that the
 * driver runs, the libraries that these and the JVM ask for, and whose they are. No shell, no
 * package manager.
 */
final class SystemTree {

  /** What the node part runs; all else about file systems it does by system calls. */
  static final List<String> TOOLS =
      List.of("mke2fs", "e2fsck", "resize2fs", "mkfs.xfs", "mkfs.btrfs", "btrfstune");

  /** Names that mke2fs and e2fsck go by, too. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "mkfs.ext2", "mke2fs",
          "mkfs.ext3", "mke2fs",
          "mkfs.ext4", "mke2fs",
          "fsck.ext4", "e2fsck");

  private static final List<String> DATA = List.of("etc/mke2fs.conf", "usr/lib/locale/C.utf8");

  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/usr/sbin/nologin
      csi4j:x:65532:65532:csi4j:/:/usr/sbin/nologin
      nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
      """;

  private static final String GROUP = "root:x:0:\ncsi4j:x:65532:\nnobody:x:65534:\n";

  /** Every file of every package by its path, as a system with a merged /usr has it. */
  private final Map<String, Path> found = new TreeMap<>();

  private final Tree tree = new Tree();

  private SystemTree() {}

  /** {@code others} are programs and libraries of other layers, whose needs are met here. */
  static Tree of(Map<String, Path> packages, List<Path> others, String osRelease)
      throws IOException {
    var system = new SystemTree();
    for (var each : packages.entrySet()) {
      system.find(each.getValue());
    }
    system.skeleton(osRelease);
    for (var tool : TOOLS) {
      system.program(tool);
    }
    OTHER_NAMES.forEach((name, tool) -> system.tree.link("usr/sbin/" + name, tool));
    for (var data : DATA) {
      system.data(data);
    }
    for (var name : packages.keySet()) {
      system.data("usr/share/doc/" + name + "/copyright");
    }
    system.libraries(others);
    return system.tree;
  }

  private void find(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      files
          .filter(file -> Files.isSymbolicLink(file) || Files.isRegularFile(file))
          .forEach(file -> found.put(merged(root.relativize(file).toString()), file));
    }
  }

  private static String merged(String path) {
    return path.replaceFirst("^(s?bin|lib|lib64)/", "usr/$1/");
  }

  private void skeleton(String osRelease) {
    for (var folder : List.of("dev", "etc", "proc", "root", "run", "sys", "usr", "var/lib")) {
      tree.folder(folder, Tree.PROGRAM);
    }
    tree.folder("tmp", 01777);
    for (var name : List.of("bin", "sbin", "lib", "lib64")) {
      tree.folder("usr/" + name, Tree.PROGRAM).link(name, "usr/" + name);
    }
    tree.text("etc/passwd", PASSWD).text("etc/group", GROUP);
    tree.text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    tree.text("etc/os-release", osRelease);
  }

  private void program(String name) throws IOException {
    for (var folder : List.of("usr/sbin/", "usr/bin/")) {
      var file = found.get(folder + name);
      if (file != null) {
        tree.copy("usr/sbin/" + name, file, Tree.PROGRAM);
        return;
      }
    }
    throw new IOException("no package has the program " + name);
  }

  private void data(String path) throws IOException {
    var any = false;
    for (var each : found.entrySet()) {
      if (each.getKey().equals(path) || each.getKey().startsWith(path + "/")) {
        add(each.getKey());
        any = true;
      }
    }
    // A package of a family shows its copyright by a link to another's folder.
    if (!any && !path.endsWith("/copyright")) {
      throw new IOException("no package has " + path);
    }
  }

  /** All that programs and libraries ask for, until nothing new is asked for. */
  private void libraries(List<Path> others) throws IOException {
    var toRead = new ArrayDeque<>(others);
    for (var node : tree.nodes().values()) {
      if (node instanceof Tree.Node.Copy(var source, _)) {
        toRead.add(source);
      }
    }
    Set<String> own = new HashSet<>();
    others.forEach(file -> own.add(file.getFileName().toString()));
    Set<String> done = new HashSet<>();
    while (!toRead.isEmpty()) {
      var file = toRead.poll();
      var elf = ElfFile.read(file);
      if (elf.isEmpty()) {
        continue;
      }
      if (!elf.get().interpreter().isEmpty()) {
        add(merged(elf.get().interpreter().substring(1)));
      }
      for (var name : elf.get().needed()) {
        if (!own.contains(name) && done.add(name)) {
          toRead.add(add(library(name, file)));
        }
      }
    }
  }

  private String library(String name, Path asker) throws IOException {
    return found.keySet().stream()
        .filter(path -> path.matches("usr/lib/[^/]+-linux-gnu/\\Q" + name + "\\E"))
        .findFirst()
        .orElseThrow(
            () -> new IOException("%s asks for %s, which no package has".formatted(asker, name)));
  }

  /** Adds a file, and through links what they lead to; returns the file itself. */
  private Path add(String path) throws IOException {
    var file = found.get(path);
    if (file == null) {
      throw new IOException("no package has " + path);
    }
    if (!Files.isSymbolicLink(file)) {
      tree.copy(path, file, Files.isExecutable(file) ? Tree.PROGRAM : Tree.DATA);
      return file;
    }
    var target = Files.readSymbolicLink(file);
    tree.link(path, target.toString());
    var there = Path.of("/" + path).resolveSibling(target).normalize().toString();
    return add(merged(there.substring(1)));
  }
}
