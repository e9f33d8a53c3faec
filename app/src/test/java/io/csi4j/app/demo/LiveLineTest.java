package io.csi4j.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.csi4j.sidecars.kit.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveLineTest {
  private static final String START_OVER = "\r\033[2K";
  private static final String SHOW_CURSOR = "\033[?25h";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void given_a_step_that_runs_then_one_line_changes_in_place_and_its_end_stays() {
    try (var time = new SystemTime();
        var line = LiveLine.on(new PrintStream(out, true, StandardCharsets.UTF_8), time)) {
      line.begins("claim", () -> "x".repeat(200));
      await().until(() -> text().split(START_OVER.replace("[", "\\["), -1).length > 3);
      assertThat(text().split("\033\\[2K", -1)[1])
          .contains("claim    xxx")
          .hasSizeLessThanOrEqualTo(79 + 1);
      assertThat(text()).doesNotContain("\n");

      line.ends(
          Narrator.Ending.OK,
          new Scene("claim", Duration.ZERO, Duration.ofMillis(250), "it is Bound", List.of()));
    }

    assertThat(text()).contains("ok", "0.25 s  claim    it is Bound\n").endsWith(SHOW_CURSOR);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
