package io.csi4j.driver.framework.syscall;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program that we do not replace, such as mkfs, and waits for its end, but not for ever. */
public final class ForeignProgram {
  /** What is kept of its output, for the error message. */
  private static final int OUTPUT_BYTES_MAX = 4096;

  private static final Duration PIPE_LIMIT = Duration.ofSeconds(5);

  private final NativeThreads threads;

  public ForeignProgram(NativeThreads threads) {
    this.threads = threads;
  }

  /** How it ended. */
  public sealed interface Ending {

    record Succeeded(String output) implements Ending {}

    /** {@code message} names the program, its exit code and what it said last. */
    record Failed(int exitCode, String message) implements Ending {}

    /** Killed, because it ran longer than it may. */
    record TimedOut(String message) implements Ending {}

    /** The program is not installed, or may not be run. */
    record Missing(String message) implements Ending {}
  }

  /** Where programs are looked for. */
  public static List<Path> folders() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }

  /** Runs {@code command}, no shell in between, for {@code limit} at most. */
  public Ending run(List<String> command, Duration limit) {
    return threads.call(() -> runNow(command, limit));
  }

  private static Ending runNow(List<String> command, Duration limit) throws InterruptedException {
    var program = command.getFirst();
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
    } catch (IOException failure) {
      return new Ending.Missing("could not run %s: %s".formatted(program, failure.getMessage()));
    }
    var output = new Tail();
    var reader = Thread.ofVirtual().start(() -> output.drain(process.getInputStream()));
    var ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    // A child of the program may hold the pipe open; what it would say is not waited for.
    reader.join(PIPE_LIMIT);
    if (!ended) {
      return new Ending.TimedOut(
          "%s did not end within %ds and was killed: %s"
              .formatted(program, limit.toSeconds(), output.text()));
    }
    var code = process.exitValue();
    return code == 0
        ? new Ending.Succeeded(output.text())
        : new Ending.Failed(code, "%s ended with %d: %s".formatted(program, code, output.text()));
  }

  /** The last bytes of a stream, filled by one thread and read by another, under its own lock. */
  private static final class Tail {
    private byte[] kept = {};

    void drain(InputStream stream) {
      var buffer = new byte[OUTPUT_BYTES_MAX];
      try (stream) {
        for (var n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
          append(buffer, n);
        }
      } catch (IOException _) {
        // The program was killed; what it has said so far is kept.
      }
    }

    synchronized String text() {
      return new String(kept, StandardCharsets.UTF_8).strip();
    }

    private synchronized void append(byte[] bytes, int length) {
      var fromOld = Math.min(kept.length, OUTPUT_BYTES_MAX - length);
      var next = new byte[fromOld + length];
      System.arraycopy(kept, kept.length - fromOld, next, 0, fromOld);
      System.arraycopy(bytes, 0, next, fromOld, length);
      kept = next;
    }
  }
}
