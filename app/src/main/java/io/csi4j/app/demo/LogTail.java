package io.csi4j.app.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where the parts log to, so that they do not talk into the story: a file, and the last trouble.
 */
final class LogTail implements AutoCloseable {
  private static final int LINES_MAX = 3;
  private static final int BEGINNINGS_MAX = 100;
  private static final int LINE_LENGTH_MAX = 300;

  private final OutputStream file;
  private final PrintStream stream;

  /** Guarded by itself. */
  private final Deque<String> troubles = new ArrayDeque<>();

  /** Guarded by the troubles. */
  private final List<String> beginnings = new ArrayList<>();

  private LogTail(OutputStream file) {
    this.file = file;
    this.stream = new PrintStream(new Sieve(), false, StandardCharsets.UTF_8);
  }

  static LogTail to(Path file) throws IOException {
    return new LogTail(Files.newOutputStream(file));
  }

  PrintStream stream() {
    return stream;
  }

  /** The last warnings and errors. */
  List<String> troubles() {
    synchronized (troubles) {
      return List.copyOf(troubles);
    }
  }

  /** Whether some part has said it at the level that tells of beginnings. */
  boolean hasSaid(String message) {
    synchronized (troubles) {
      return beginnings.stream().anyMatch(line -> line.contains(message));
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
    file.close();
  }

  /** Each write is whole lines, as the program's log makes them. */
  private final class Sieve extends OutputStream {
    @Override
    public void write(int oneByte) throws IOException {
      file.write(oneByte);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      file.write(bytes, offset, length);
      new String(bytes, offset, length, StandardCharsets.UTF_8).lines().forEach(this::sort);
    }

    private void sort(String line) {
      if (line.contains(" WARN ") || line.contains(" ERROR ")) {
        keep(line);
      } else if (line.contains(" started ")) {
        synchronized (troubles) {
          if (beginnings.size() < BEGINNINGS_MAX) {
            beginnings.add(line);
          }
        }
      }
    }

    private void keep(String line) {
      synchronized (troubles) {
        if (troubles.size() == LINES_MAX) {
          troubles.removeFirst();
        }
        troubles.addLast(line.substring(0, Math.min(line.length(), LINE_LENGTH_MAX)));
      }
    }
  }
}
