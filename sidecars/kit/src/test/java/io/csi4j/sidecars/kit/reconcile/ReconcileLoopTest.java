package io.csi4j.sidecars.kit.reconcile;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ReconcileLoopTest {
  private static final ObjectKey KEY = ObjectKey.cluster("a");

  private final ManualTime time = new ManualTime();
  private final Deque<Supplier<Verdict>> script = new ArrayDeque<>();
  private final List<Long> secondsOfRuns = new ArrayList<>();
  private final ReconcileLoop loop =
      new ReconcileLoop("test", this::play, time, 2, new BackOff(ofSeconds(1), ofMinutes(5)));

  @Test
  void given_failures_in_a_row_then_each_pause_is_twice_the_last() {
    plays(
        () -> new Verdict.BackOff("no"),
        () -> new Verdict.BackOff("no"),
        () -> new Verdict.BackOff("no"));

    run(ofSeconds(100));

    assertThat(secondsOfRuns).containsExactly(0L, 1L, 3L, 7L);
  }

  /** B18 62. */
  @Test
  void given_a_success_then_the_next_failure_starts_with_the_shortest_pause() {
    plays(
        () -> new Verdict.BackOff("no"),
        () -> new Verdict.BackOff("no"),
        () -> new Verdict.After(ofSeconds(10), "look again"),
        () -> new Verdict.BackOff("no"));

    run(ofSeconds(100));

    assertThat(secondsOfRuns).containsExactly(0L, 1L, 3L, 13L, 14L);
  }

  @Test
  void given_a_parked_key_then_it_is_not_seen_until_something_changes() {
    plays(() -> new Verdict.Parked("quota"));

    run(ofSeconds(1000));
    assertThat(secondsOfRuns).containsExactly(0L);
    loop.add(KEY);
    time.settle();

    assertThat(secondsOfRuns).containsExactly(0L, 1000L);
  }

  @Test
  void given_the_server_asks_for_patience_then_the_key_waits_as_long_as_it_says() {
    plays(
        () -> {
          throw new ApiFailure.Throttled("patch: too many requests", ofSeconds(7));
        });

    run(ofSeconds(100));

    assertThat(secondsOfRuns).containsExactly(0L, 7L);
  }

  @Test
  void given_the_server_fails_then_the_key_backs_off() {
    plays(
        () -> {
          throw new ApiFailure.Conflict("patch: conflict");
        });

    run(ofSeconds(100));

    assertThat(secondsOfRuns).containsExactly(0L, 1L);
  }

  @Test
  void given_a_bug_then_its_key_waits_longest_and_others_go_on() {
    plays(
        () -> {
          throw new IllegalStateException("bug");
        });

    run(ofSeconds(299));
    assertThat(secondsOfRuns).containsExactly(0L);
    time.pass(ofSeconds(1));

    assertThat(secondsOfRuns).containsExactly(0L, 300L);
  }

  private void run(Duration duration) {
    loop.start();
    loop.add(KEY);
    time.pass(duration);
  }

  @SafeVarargs
  private final void plays(Supplier<Verdict>... verdicts) {
    for (var verdict : verdicts) {
      script.addLast(verdict);
    }
  }

  private Verdict play(ObjectKey key) {
    secondsOfRuns.add(Duration.ofNanos(time.nanos()).toSeconds());
    var next = script.pollFirst();
    return next == null ? new Verdict.Settled() : next.get();
  }
}
