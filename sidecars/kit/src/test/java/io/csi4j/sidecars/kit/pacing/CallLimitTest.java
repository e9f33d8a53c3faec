package io.csi4j.sidecars.kit.pacing;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** How many calls are in flight: issue "concurrency that follows the driver's latency". */
class CallLimitTest {
  private final CallLimit limit = CallLimit.learned(10, 256);

  @Test
  void given_a_driver_that_does_all_at_once_then_it_is_asked_all_at_once() {
    windows(6, _ -> ofMillis(200));

    assertThat(limit.now()).isEqualTo(256);
  }

  /** A cold burst: as soon as the second round of calls is through, enough are in flight. */
  @Test
  void given_calls_that_take_200_ms_then_two_rounds_are_enough_for_more_than_100_in_flight() {
    windows(2, _ -> ofMillis(200));

    assertThat(limit.now()).isGreaterThan(100);
  }

  /** Even if it did one after another, no call would come near its deadline by such a trial. */
  @Test
  void given_calls_that_take_a_second_then_it_is_asked_twice_as_much_and_no_more() {
    windows(1, _ -> ofSeconds(1));

    assertThat(limit.now()).isEqualTo(20);
  }

  @Test
  void given_calls_that_do_not_wait_then_there_is_no_reason_to_do_more_at_once() {
    for (var i = 0; i < 1000; i++) {
      limit.took(limit.epoch(), ofMillis(200));
    }

    assertThat(limit.now()).isEqualTo(10);
  }

  /** Twice as many calls in flight take twice as long each: nothing is gained by it. */
  @Test
  void given_a_driver_that_works_on_one_thing_after_another_then_it_is_not_overrun() {
    windows(100, inFlight -> ofMillis(20).multipliedBy(inFlight));

    assertThat(limit.now()).isLessThanOrEqualTo(40);
  }

  /** It can do 50 at once. */
  @Test
  void given_a_driver_with_a_limit_of_its_own_then_what_is_in_flight_stays_near_it() {
    windows(200, inFlight -> ofMillis(200).multipliedBy(Math.max(50, inFlight)).dividedBy(50));

    assertThat(limit.now()).isBetween(40, 100);
  }

  @Test
  void given_a_driver_that_becomes_slower_for_all_alike_then_it_is_asked_as_much_as_before() {
    windows(6, _ -> ofMillis(200));

    windows(20, _ -> ofSeconds(1));

    assertThat(limit.now()).isEqualTo(256);
  }

  /** It did all at once, and now does 20. */
  @Test
  void given_a_driver_that_can_do_less_than_before_then_it_is_asked_less() {
    windows(6, _ -> ofMillis(200));

    windows(50, inFlight -> ofMillis(200).multipliedBy(Math.max(20, inFlight)).dividedBy(20));

    assertThat(limit.now()).isBetween(10, 64);
  }

  @Test
  void given_a_driver_that_answers_at_once_then_it_does_not_set_the_pace() {
    windows(6, inFlight -> ofMillis(inFlight / 8));

    assertThat(limit.now()).isGreaterThanOrEqualTo(64);
  }

  @Test
  void given_a_few_calls_that_hang_then_the_others_are_not_slowed_down_for_it() {
    windows(6, _ -> ofMillis(200));

    for (var i = 0; i < 1000; i++) {
      limit.heldBack();
      if (i % 4 == 0) {
        limit.missed(limit.epoch());
      } else {
        limit.took(limit.epoch(), ofMillis(200));
      }
    }

    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void given_most_calls_hang_then_fewer_are_made_but_never_fewer_than_upstream_makes() {
    windows(6, _ -> ofMillis(200));

    for (var i = 0; i < 1000; i++) {
      limit.missed(limit.epoch());
    }

    assertThat(limit.now()).isEqualTo(10);
  }

  @Test
  void given_a_number_from_the_user_then_it_is_not_changed() {
    var fixed = CallLimit.fixed(7);

    for (var i = 0; i < 1000; i++) {
      fixed.heldBack();
      fixed.took(fixed.epoch(), ofMillis(1));
    }

    assertThat(fixed.now()).isEqualTo(7);
  }

  private void windows(int count, IntFunction<Duration> latency) {
    for (var window = 0; window < count; window++) {
      var inFlight = limit.now();
      for (var i = 0; i < inFlight; i++) {
        limit.heldBack();
        limit.took(limit.epoch(), latency.apply(limit.now()));
      }
    }
  }
}
