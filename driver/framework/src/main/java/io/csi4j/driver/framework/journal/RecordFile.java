package io.csi4j.driver.framework.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.csi4j.driver.framework.syscall.FileEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One entry of a {@link JournaledMap}, kept a second time beside what it is about: what the journal
 * has lost can be found again by looking there. In the form of a line of the journal, checksum and
 * all.
 */
public final class RecordFile {
  private RecordFile() {}

  /** Whole or not at all; on the disk when the caller has flushed the file and its folder. */
  public static void write(
      FileEntries entries, Path file, String key, SortedMap<String, String> fields)
      throws IOException {
    var temporary = file.resolveSibling(file.getFileName() + ".tmp");
    entries.write(temporary, new JournalLine(0, key, fields).encode());
    entries.rename(temporary, file);
  }

  /** Empty when there is no such file, or it is damaged, or is about something else. */
  public static Optional<SortedMap<String, String>> read(Path file, String key) throws IOException {
    try {
      var text = new String(Files.readAllBytes(file), UTF_8);
      return JournalLine.decode(text.strip())
          .filter(line -> line.key().equals(key))
          .flatMap(line -> Optional.ofNullable(line.fields()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
