package io.csi4j.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimetableTest {

  @Test
  void given_steps_then_begin_and_duration_of_each_with_what_was_called() {
    var scenes =
        List.of(
            scene("claim", 1_500, 250, List.of("driver: CreateVolume 12 ms", "user: create pods")),
            scene("mount", 1_750, 40, List.of()));

    assertThat(Timetable.lines(scenes).subList(1, 4))
        .containsExactly(
            "     1.50 s     0.25 s  claim    driver: CreateVolume 12 ms",
            "                                 user: create pods",
            "     1.75 s     0.04 s  mount");
  }

  @Test
  void given_more_than_fits_then_it_goes_on_in_the_next_line() {
    var many = "driver: " + "DeleteVolume 12 ms, ".repeat(9) + "DeleteVolume 12 ms";

    var lines = Timetable.lines(List.of(scene("delete", 0, 1, List.of(many))));

    assertThat(lines).hasSizeGreaterThan(2).allMatch(line -> line.length() <= 110);
    assertThat(String.join(" ", lines).split("DeleteVolume", -1)).hasSize(11);
  }

  private static Scene scene(String name, long sinceMillis, long tookMillis, List<String> called) {
    return new Scene(
        name, Duration.ofMillis(sinceMillis), Duration.ofMillis(tookMillis), "seen", called);
  }
}
