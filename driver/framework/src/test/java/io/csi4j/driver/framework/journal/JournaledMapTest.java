package io.csi4j.driver.framework.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.driver.framework.syscall.NativeThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** driver.md 14.9. */
class JournaledMapTest {
  private final NativeThreads threads = new NativeThreads("test", 4);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void given_changes_when_opened_again_without_closing_then_they_are_there() throws IOException {
    try (var map = JournaledMap.open(folder, threads)) {
      map.put("volume 1", fields("name", "one"));
      map.put("volume 2", fields("name", "two"));
      map.put("volume 1", fields("name", "eins"));
      map.remove("volume 2");

      try (var next = JournaledMap.open(folder, threads)) {
        assertThat(next.entries()).isEqualTo(Map.of("volume 1", fields("name", "eins")));
        assertThat(next.damagedLines()).isZero();
      }
    }
  }

  @Test
  void given_notes_between_changes_when_opened_again_without_closing_then_all_are_there()
      throws IOException {
    try (var map = JournaledMap.open(folder, threads)) {
      map.note("target a", fields("volume", "1"));
      map.put("volume 1", fields("name", "one"));
      map.note("target b", fields("volume", "1"));
      map.dropNote("target a");

      assertThat(map.entries()).hasSize(2);
      try (var next = JournaledMap.open(folder, threads)) {
        assertThat(next.entries())
            .isEqualTo(
                Map.of("volume 1", fields("name", "one"), "target b", fields("volume", "1")));
      }
    }
  }

  @Test
  void given_odd_characters_when_opened_again_then_they_are_the_same() throws IOException {
    var key = "volume a&b=c d\n\u0007%/é";
    var odd = fields("na me&=", "\nva lue%+=&\u0000é\uD83D\uDE00");
    try (var map = JournaledMap.open(folder, threads)) {
      map.put(key, odd);
      map.put("no fields", new TreeMap<>());

      try (var next = JournaledMap.open(folder, threads)) {
        assertThat(next.entries()).isEqualTo(Map.of(key, odd, "no fields", new TreeMap<>()));
      }
    }
  }

  /**
   * A crash may cut the file at any byte: what is left is a prefix of the history, never more and
   * never something else.
   */
  @Test
  void given_the_journal_cut_at_every_byte_then_a_prefix_of_the_history_is_left()
      throws IOException {
    List<SortedMap<String, SortedMap<String, String>>> history = new ArrayList<>();
    try (var map = JournaledMap.open(folder, threads)) {
      history.add(map.entries());
      for (var step = 0; step < 6; step++) {
        if (step % 3 == 2) {
          map.remove("volume " + (step - 1));
        } else {
          map.put("volume " + step, fields("name", "n" + step));
        }
        history.add(map.entries());
      }
    }
    var whole = Files.readAllBytes(newest(folder));

    for (var length = 0; length <= whole.length; length++) {
      var cut = Files.createDirectory(folder.resolve("cut" + length));
      Files.write(cut.resolve("00000001.journal"), Arrays.copyOf(whole, length));
      var linesKept =
          (int) new String(whole, 0, length, UTF_8).chars().filter(c -> c == '\n').count();
      try (var map = JournaledMap.open(cut, threads)) {
        assertThat(map.entries()).as("cut at %d", length).isEqualTo(history.get(linesKept));
      }
    }
  }

  @Test
  void given_a_damaged_line_in_the_middle_then_it_is_counted_and_the_others_hold()
      throws IOException {
    try (var map = JournaledMap.open(folder, threads)) {
      map.put("a", fields("n", "1"));
      map.put("b", fields("n", "2"));
      map.put("c", fields("n", "3"));
    }
    var text = Files.readString(newest(folder));
    Files.writeString(newest(folder), text.replace("put b n=2", "put b n=7"));

    try (var map = JournaledMap.open(folder, threads)) {
      assertThat(map.entries().keySet()).containsExactly("a", "c");
      assertThat(map.damagedLines()).isEqualTo(1);
    }
  }

  @Test
  void given_a_torn_tail_when_written_behind_it_then_the_next_start_reads_all() throws IOException {
    try (var map = JournaledMap.open(folder, threads)) {
      map.put("a", fields("n", "1"));
    }
    Files.writeString(newest(folder), Files.readString(newest(folder)) + "1234abcd 2 put b");
    try (var map = JournaledMap.open(folder, threads)) {
      map.put("c", fields("n", "3"));
    }

    try (var map = JournaledMap.open(folder, threads)) {
      assertThat(map.entries().keySet()).containsExactly("a", "c");
      assertThat(map.damagedLines()).isZero();
    }
  }

  @Test
  void given_many_writers_at_once_then_all_their_changes_last() throws Exception {
    try (var map = JournaledMap.open(folder, threads)) {
      List<Thread> writers = new ArrayList<>();
      for (var writer = 0; writer < 32; writer++) {
        var name = "w" + writer;
        writers.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (var n = 0; n < 20; n++) {
                        map.put(name + "." + n, fields("n", "" + n));
                      }
                    }));
      }
      for (var writer : writers) {
        writer.join();
      }
      try (var next = JournaledMap.open(folder, threads)) {
        assertThat(next.entries()).hasSize(32 * 20).isEqualTo(map.entries());
      }
    }
  }

  @Test
  void given_a_journal_much_larger_than_its_entries_then_it_is_rewritten() throws IOException {
    var large = fields("text", "x".repeat(10_000));
    try (var map = JournaledMap.open(folder, threads)) {
      for (var n = 0; n < 300; n++) {
        map.put("key", large);
      }
    }

    assertThat(Files.size(newest(folder))).isLessThan(2 << 20);
    try (var map = JournaledMap.open(folder, threads)) {
      assertThat(map.entries()).isEqualTo(Map.of("key", large));
    }
  }

  @Test
  void given_a_generation_that_was_not_finished_then_it_does_not_count() throws IOException {
    try (var map = JournaledMap.open(folder, threads)) {
      map.put("a", fields("n", "1"));
    }
    Files.writeString(folder.resolve("next.journal.tmp"), "half of some");

    try (var map = JournaledMap.open(folder, threads)) {
      assertThat(map.entries().keySet()).containsExactly("a");
    }
  }

  @Test
  void given_a_closed_file_when_written_then_it_fails_and_stays_failed() throws IOException {
    var map = JournaledMap.open(folder, threads);
    map.close();

    assertThatThrownBy(() -> map.put("a", fields("n", "1"))).isInstanceOf(JournalFailure.class);
    assertThat(map.problem()).isNotNull();
    assertThat(map.entries()).isEmpty();
  }

  private static SortedMap<String, String> fields(String name, String value) {
    return new TreeMap<>(Map.of(name, value));
  }

  private static Path newest(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".journal"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }
}
