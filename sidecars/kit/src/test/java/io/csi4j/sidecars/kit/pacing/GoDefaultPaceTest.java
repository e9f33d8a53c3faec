package io.csi4j.sidecars.kit.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The pace that Go's controllers have where nobody sets one: the longer of a key's own back-off and
 * of its turn in a bucket that all keys share. Ours always set one; the parts can say this one too.
 */
class GoDefaultPaceTest {
  private static final Duration FIRST = Duration.ofMillis(5);
  private static final Duration BETWEEN = Duration.ofMillis(100);

  private final BackOff ofOneKey = new BackOff(FIRST, Duration.ofSeconds(1000));
  private final TokenBucket ofAll = new TokenBucket(BETWEEN, 100);

  /** B18 63. */
  @Test
  void given_200_keys_at_once_then_100_start_after_their_back_off_and_the_rest_one_by_one() {
    var starts = IntStream.range(0, 200).mapToObj(_ -> start()).toList();

    assertThat(starts.subList(0, 100)).containsOnly(FIRST);
    assertThat(starts.get(100)).isEqualTo(BETWEEN);
    assertThat(starts.subList(100, 200).stream().gather(Gatherers.windowSliding(2)))
        .allSatisfy(two -> assertThat(two.getLast().minus(two.getFirst())).isEqualTo(BETWEEN));
  }

  private Duration start() {
    var own = ofOneKey.after(0);
    var shared = ofAll.take(0);
    return own.compareTo(shared) > 0 ? own : shared;
  }
}
