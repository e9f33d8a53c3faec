package io.csi4j.driver.framework.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a journal, one per generation: {@code 00000001.journal}, and so on. Not safe for
 * several threads.
 */
final class JournalFiles implements AutoCloseable {
  private static final String SUFFIX = ".journal";

  /** A journal below this size is not rewritten while it is open: reading it costs nothing. */
  private static final long COMPACT_BYTES_MIN = 1 << 20;

  /** Rewritten when it has grown to this many times the size that it began with. */
  private static final long COMPACT_GROWTH = 4;

  private static final int GENERATIONS_KEPT = 2;

  private final Path folder;
  private FileChannel channel;
  private long generation;
  private long bytesAtBegin;
  private long bytes;

  /** What the newest generation says. */
  record Contents(
      long generation,
      long lastSequence,
      SortedMap<String, SortedMap<String, String>> entries,
      int damagedLines) {}

  /** Begins the generation after the one that {@code contents} came from. */
  JournalFiles(Path folder, Contents contents) throws IOException {
    this.folder = folder;
    this.generation = contents.generation();
    this.channel = writeGeneration(contents.generation() + 1, contents.entries());
  }

  /** Reads the newest generation; a folder without one is an empty journal. */
  static Contents read(Path folder) throws IOException {
    Files.createDirectories(folder);
    var generations = generations(folder);
    if (generations.isEmpty()) {
      return new Contents(0, 0, new TreeMap<>(), 0);
    }
    var newest = generations.getLast();
    // Bytes that are no UTF-8 are damage like any other: they are replaced, and the checksum tells.
    var text = new String(Files.readAllBytes(file(folder, newest)), UTF_8);
    var entries = new TreeMap<String, SortedMap<String, String>>();
    var lastSequence = 0L;
    var damaged = 0;
    for (var at = 0; at < text.length(); ) {
      var end = text.indexOf('\n', at);
      var line = end < 0 ? null : JournalLine.decode(text.substring(at, end)).orElse(null);
      if (line == null) {
        damaged++;
      } else {
        apply(line, entries);
        lastSequence = Math.max(lastSequence, line.sequence());
      }
      at = end < 0 ? text.length() : end + 1;
    }
    return new Contents(newest, lastSequence, entries, damaged);
  }

  static void apply(JournalLine line, SortedMap<String, SortedMap<String, String>> entries) {
    var fields = line.fields();
    if (fields == null) {
      entries.remove(line.key());
    } else {
      entries.put(line.key(), fields);
    }
  }

  /** The kernel has it when it returns. */
  void append(List<JournalLine> lines) throws IOException {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line.encode()));
    write(channel, text.toString());
  }

  /** All that was appended is on the disk when it returns. */
  void flush() throws IOException {
    channel.force(false);
  }

  boolean worthCompacting() {
    return bytes > COMPACT_BYTES_MIN && bytes > COMPACT_GROWTH * bytesAtBegin;
  }

  void beginGeneration(SortedMap<String, SortedMap<String, String>> entries) throws IOException {
    var next = writeGeneration(generation + 1, entries);
    channel.close();
    channel = next;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Complete under another name first, so that a generation is either whole or not there. */
  private FileChannel writeGeneration(
      long number, SortedMap<String, SortedMap<String, String>> entries) throws IOException {
    var temporary = folder.resolve("next" + SUFFIX + ".tmp");
    var next = FileChannel.open(temporary, CREATE, TRUNCATE_EXISTING, WRITE);
    bytes = 0;
    var text = new StringBuilder();
    // Sequence 0: these lines are older than whatever is appended.
    entries.forEach((key, fields) -> text.append(new JournalLine(0, key, fields).encode()));
    write(next, text.toString());
    next.force(false);
    Files.move(temporary, file(folder, number), ATOMIC_MOVE);
    try (var directory = FileChannel.open(folder, READ)) {
      directory.force(true);
    }
    generation = number;
    bytesAtBegin = bytes;
    removeOldGenerations();
    return next;
  }

  private void write(FileChannel target, String text) throws IOException {
    var buffer = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (buffer.hasRemaining()) {
      bytes += target.write(buffer);
    }
  }

  private void removeOldGenerations() throws IOException {
    var generations = generations(folder);
    for (var old : generations.subList(0, Math.max(0, generations.size() - GENERATIONS_KEPT))) {
      Files.delete(file(folder, old));
    }
  }

  private static List<Long> generations(Path folder) throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (var file : files) {
        var name = file.getFileName().toString();
        numbers.add(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
      }
    }
    numbers.sort(null);
    return numbers;
  }

  private static Path file(Path folder, long generation) {
    return folder.resolve("%08d%s".formatted(generation, SUFFIX));
  }
}
