package io.csi4j.app.demo;

import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.MountEntry;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.NativeThreads;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one place on disk of a run. It says which processes are behind it, so that the next run can
 * tell what a kill has left from what is in use, and remove it: mounts, loop devices, files.
 */
final class DemoFolder implements AutoCloseable {
  private static final String PREFIX = "csi4j-demo-";
  private static final String OWNER = "owner";
  private static final String CHILD = "child";

  /** A socket's path must fit into 108 bytes, and the longest one here has so many more. */
  private static final int PATH_LENGTH_MAX = 60;

  private static final Duration YOUTH = Duration.ofSeconds(10);

  private final Path root;

  private DemoFolder(Path root) {
    this.root = root;
  }

  static DemoFolder make() throws IOException {
    var root = Files.createTempDirectory(parent(), PREFIX);
    if (root.toString().length() > PATH_LENGTH_MAX) {
      Files.delete(root);
      throw new Fatal(
          "%s is too long for sockets in it: set TMPDIR or -Djava.io.tmpdir to a shorter one, such"
                  .formatted(parent())
              + " as /tmp");
    }
    writeDown(root.resolve(OWNER), ProcessHandle.current());
    return new DemoFolder(root);
  }

  private static Path parent() throws IOException {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toRealPath();
  }

  Path path() {
    return root;
  }

  /** A process that must not outlive this folder. */
  void belongs(ProcessHandle child) throws IOException {
    writeDown(root.resolve(CHILD), child);
  }

  private static void writeDown(Path file, ProcessHandle process) throws IOException {
    Files.writeString(file, "%d %s".formatted(process.pid(), start(process)));
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  /** The process that is written down, if it still runs: a number alone could be another's. */
  private static Optional<ProcessHandle> running(Path file) {
    try {
      var parts = Files.readString(file).split(" ", 2);
      var process = ProcessHandle.of(Long.parseLong(parts[0]));
      return process.isPresent() && zombie(process.get().pid())
          ? Optional.empty()
          : process.filter(each -> parts.length == 2 && start(each).equals(parts[1]));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** It has ended, and nobody has asked how; in containers that can last. */
  private static boolean zombie(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
  }

  /** What earlier runs left that were killed; one line for each. */
  static List<String> removeAbandoned() throws IOException {
    var lines = new ArrayList<String>();
    List<Path> found;
    try (var all = Files.newDirectoryStream(parent(), PREFIX + "*")) {
      found = new ArrayList<>();
      all.forEach(found::add);
    }
    for (var folder : found) {
      if (Files.isDirectory(folder)
          && Files.isWritable(folder)
          && !justMade(folder)
          && running(folder.resolve(OWNER)).isEmpty()) {
        lines.add("removed what an earlier run had left: " + new DemoFolder(folder).remove());
      }
    }
    return lines;
  }

  /** Another run that begins at this moment has not yet written down that it is there. */
  private static boolean justMade(Path folder) throws IOException {
    var made = Files.getLastModifiedTime(folder).toInstant();
    return !Files.exists(folder.resolve(OWNER)) && made.plus(YOUTH).isAfter(Instant.now());
  }

  /** Removes everything; what cannot be removed is an error that names it. */
  @Override
  public void close() throws IOException {
    remove();
  }

  private String remove() throws IOException {
    running(root.resolve(CHILD)).ifPresent(ProcessHandle::destroyForcibly);
    var mounts = mounts();
    try (var threads = new NativeThreads("demo", 1)) {
      for (var mount : mounts.reversed()) {
        if (new Mounts(threads).unmount(mount) instanceof NativeResult.Failed<Path> failed) {
          throw new IOException("could not " + failed.message());
        }
      }
      var loops = new LoopDevices(threads);
      for (var device : loops.attached(path -> path.startsWith(root))) {
        if (loops.detach(device) instanceof NativeResult.Failed<Path> failed) {
          throw new IOException("could not " + failed.message());
        }
      }
    }
    Trees.delete(root);
    return "%s, with %d mounts".formatted(root, mounts.size());
  }

  /** What is mounted in here, in the order of mounting. */
  List<Path> mounts() {
    return MountTable.read().entries().stream()
        .map(MountEntry::point)
        .filter(point -> point.startsWith(root))
        .toList();
  }

  /** Loop devices with files of this folder. */
  List<Path> loopDevices() {
    try (var threads = new NativeThreads("demo", 1)) {
      return new LoopDevices(threads)
          .attached(path -> path.startsWith(root)).stream().map(device -> device.path()).toList();
    }
  }
}
