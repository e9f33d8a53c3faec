package io.csi4j.sidecars.kit.queue;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Scenario 81 of common.md B18. */
class SlowSetTest {
  private final ManualTime time = new ManualTime();
  private final SlowSet<String, String> slow = new SlowSet<>(ofMinutes(5), 1000, time);

  /** B18 81: added twice. */
  @Test
  void given_a_key_when_it_is_added_again_then_the_first_time_counts() {
    assertThat(slow.add("claim", "class-1")).isTrue();
    time.pass(ofSeconds(100));
    assertThat(slow.add("claim", "class-2")).isFalse();

    assertThat(slow.get("claim")).contains("class-1");
    assertThat(slow.remaining("claim")).isEqualTo(ofSeconds(200));
  }

  /** B18 81: expiry. */
  @Test
  void given_a_key_when_its_time_is_over_then_it_is_gone() {
    slow.add("claim", "class");

    time.pass(ofMinutes(5));

    assertThat(slow.get("claim")).isEmpty();
    assertThat(slow.remaining("claim")).isEqualTo(Duration.ZERO);
    assertThat(slow.add("claim", "class")).isTrue();
  }

  @Test
  void given_a_key_when_removed_then_it_is_gone() {
    slow.add("claim", "class");

    slow.remove("claim");

    assertThat(slow.get("claim")).isEmpty();
  }
}
