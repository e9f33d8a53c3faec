package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the programs that the image is made with, and says what they said when they fail. */
record Programs(Path folder) {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int SAID_MAX = 4000;

  /** Runs it in the folder; returns what it printed. */
  String run(List<String> command) throws IOException, InterruptedException {
    var output = Files.createTempFile("csi4j-image", ".out");
    try {
      var process =
          new ProcessBuilder(new ArrayList<>(command))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("%s did not end within %s".formatted(command, LIMIT));
      }
      var said = Files.readString(output);
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s ended with %d: %s"
                .formatted(
                    String.join(" ", command),
                    process.exitValue(),
                    said.substring(Math.max(0, said.length() - SAID_MAX))));
      }
      return said;
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
