package io.csi4j.app.demo;

import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.LoopHold;
import io.csi4j.driver.framework.syscall.LoopUse;
import io.csi4j.driver.framework.syscall.MountFlags;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.NativeThreads;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What volumes are made of on this machine. */
sealed interface Storage {
  long PROBE_BYTES = 1L << 20;

  /** File systems in image files, mounted by loop devices: the local driver as it is. */
  record Images() implements Storage {}

  /** Folders: nothing is mounted. */
  record Folders(String why) implements Storage {}

  /** Tries it out, because neither being root nor a device file promises anything. */
  static Storage tryOut(Path folder) throws IOException {
    for (var program : Stream.of("mkfs.ext4", "resize2fs").toList()) {
      if (!onPath(program)) {
        return new Folders(program + " is not installed");
      }
    }
    return refusal(folder).<Storage>map(Folders::new).orElseGet(Images::new);
  }

  private static boolean onPath(String program) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator, -1))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static Optional<String> refusal(Path folder) throws IOException {
    var image = folder.resolve("probe.img");
    var point = Files.createDirectory(folder.resolve("probe"));
    try (var file = new RandomAccessFile(image.toFile(), "rw");
        var threads = new NativeThreads("demo", 1)) {
      file.setLength(PROBE_BYTES);
      var mounts = new Mounts(threads);
      var mounted = mounts.mount(Path.of("probe"), point, "tmpfs", new MountFlags(0, ""));
      if (mounted instanceof NativeResult.Failed<Path> failed) {
        return Optional.of("may not mount here: " + failed.errno());
      }
      if (mounts.unmount(point) instanceof NativeResult.Failed<Path> failed) {
        return Optional.of("could not " + failed.message());
      }
      return switch (new LoopDevices(threads).attach(image, LoopUse.FREED_WITH_MOUNT)) {
        case NativeResult.Value<LoopHold>(var hold) -> {
          hold.close();
          yield Optional.empty();
        }
        case NativeResult.Failed<LoopHold> failed ->
            Optional.of("no loop devices here: could not " + failed.message());
      };
    } finally {
      Files.deleteIfExists(image);
      Files.deleteIfExists(point);
    }
  }
}
