package io.csi4j.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

class LogFormatTest {
  private static final LogRecord RECORD =
      new LogRecord(
          Instant.EPOCH,
          Level.WARN,
          "io.csi4j.Test",
          "will be tried again",
          List.of(
              new KeyValuePair("attempt", 3),
              new KeyValuePair("next", Duration.ofSeconds(4)),
              new KeyValuePair("reason", "say \"no\"\nagain")),
          null);

  @Test
  void given_text_then_the_message_comes_first_and_stays_on_one_line() {
    assertThat(LogFormat.TEXT.line(RECORD))
        .isEqualToNormalizingNewlines(
            "1970-01-01T00:00:00Z WARN  will be tried again attempt=3 next=4s"
                + " reason=\"say \\\"no\\\"\\nagain\"\n");
  }

  @Test
  void given_json_then_each_key_is_a_field() {
    assertThat(LogFormat.JSON.line(RECORD))
        .isEqualToNormalizingNewlines(
            "{\"ts\":\"1970-01-01T00:00:00Z\",\"level\":\"warn\",\"logger\":\"io.csi4j.Test\","
                + "\"msg\":\"will be tried again\",\"attempt\":3,\"next\":\"4s\","
                + "\"reason\":\"say \\\"no\\\"\\nagain\"}\n");
  }

  @Test
  void given_a_stack_then_it_is_there_in_both() {
    var failed =
        new LogRecord(
            Instant.EPOCH, Level.ERROR, "x", "bug", List.of(), new IllegalStateException("why"));

    assertThat(LogFormat.TEXT.line(failed)).contains("IllegalStateException: why");
    assertThat(LogFormat.JSON.line(failed)).contains("IllegalStateException: why").hasLineCount(1);
  }
}
