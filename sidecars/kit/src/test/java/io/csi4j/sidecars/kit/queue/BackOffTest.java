package io.csi4j.sidecars.kit.queue;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private static final BackOff SIDECARS = new BackOff(ofSeconds(1), ofMinutes(5));

  /** Provisioner B-24. */
  @Test
  void given_jitter_then_a_pause_is_longer_by_chance_and_never_shorter() {
    var jittered = SIDECARS.withJitter(10);

    assertThat(jittered.after(3, 0)).isEqualTo(ofSeconds(8));
    assertThat(jittered.after(3, 0.5)).isEqualTo(ofMillis(8_400));
    assertThat(SIDECARS.after(3, 0.5)).isEqualTo(ofSeconds(8));
  }

  /** B18 60. */
  @Test
  void given_ten_failures_then_pauses_double_up_to_the_longest() {
    var pauses = IntStream.range(0, 10).mapToLong(n -> SIDECARS.after(n).toSeconds());

    assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L);
  }

  /** B18 61. */
  @Test
  void given_any_number_of_failures_then_the_pause_does_not_overflow() {
    assertThat(
            IntStream.of(29, 33, 34, 35, 62, 63, 64, 100, Integer.MAX_VALUE)
                .mapToObj(SIDECARS::after))
        .allMatch(ofMinutes(5)::equals);
  }
}
