package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder for a pool: a plain one, or the root of a file system of its own. */
record RealPool(Path folder, boolean mounted) implements AutoCloseable {
  private static final long BYTES = 4L << 30;

  /** {@code kind} is {@code dir}, or a file system. */
  static RealPool make(Path below, String kind) throws Exception {
    var folder = Files.createDirectory(below.resolve("pool"));
    if (kind.equals("dir")) {
      return new RealPool(folder, false);
    }
    assumeMkfs(kind);
    var image = below.resolve("pool.image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    run("mkfs." + kind, "-q", image.toString());
    run("mount", "-o", "loop", image.toString(), folder.toString());
    return new RealPool(folder, true);
  }

  /** What needs a file system is left out, and says so, where nobody can make one. */
  static void assumeMkfs(String fsType) {
    assumeThat(Path.of("/usr/sbin/mkfs." + fsType)).as("left out: no mkfs." + fsType).exists();
  }

  static String run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), output).isZero();
    return output;
  }

  @Override
  public void close() {
    if (mounted) {
      try {
        run("umount", folder.toString());
      } catch (IOException | InterruptedException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
