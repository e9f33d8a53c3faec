package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.time.ManualTime;
import io.csi4j.sidecars.provisioner.CallGate.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** B-24: how much the driver is asked at once, and whose turn it is. */
class CallGateTest {
  private final ManualTime time = new ManualTime();
  private final Metrics metrics = new Metrics(Instant.EPOCH);
  private final Map<Lane, Integer> inFlight = new EnumMap<>(Lane.class);
  private final Map<Lane, Integer> most = new EnumMap<>(Lane.class);
  private final List<Outcome<String>> outcomes = new ArrayList<>();
  private final int[] cancelled = new int[1];

  @Test
  void given_a_driver_that_serves_all_at_once_then_100_are_in_flight_from_the_first_moment() {
    var gate = new CallGate(time, metrics, OptionalInt.empty());

    ask(gate, Lane.CREATE, 1000, _ -> ofSeconds(1));
    time.pass(ofSeconds(11));

    assertThat(most).containsEntry(Lane.CREATE, 100);
    assertThat(outcomes).hasSize(1000);
  }

  /** A deadline of 10 s, and half a second for each call that is in its hands. */
  @Test
  void given_a_driver_that_is_overrun_then_it_is_asked_less() {
    var gate = new CallGate(time, metrics, OptionalInt.empty());

    ask(gate, Lane.CREATE, 1000, calls -> Duration.ofMillis(500L * calls));
    time.pass(ofMinutes(20));

    assertThat(outcomes).hasSize(1000);
    assertThat(metrics.scrape()).containsPattern("calls_limit\\{lane=\"create\"} 1\\d\\.0\\n");
  }

  @Test
  void given_a_number_is_named_then_it_is_that() {
    var gate = new CallGate(time, metrics, OptionalInt.of(3));

    ask(gate, Lane.CREATE, 100, _ -> ofSeconds(1));
    time.pass(ofMinutes(1));

    assertThat(most).containsEntry(Lane.CREATE, 3);
  }

  /** Neither starves the other, and who waits for a volume goes before what is no longer wanted. */
  @Test
  void given_creations_wait_then_deletions_take_no_more_than_their_share() {
    assertThat(CallGate.deletesMax(100, false)).isEqualTo(100);
    assertThat(CallGate.deletesMax(100, true)).isEqualTo(25);
    assertThat(CallGate.deletesMax(2, true)).isEqualTo(1);
    var gate = new CallGate(time, metrics, OptionalInt.of(8));
    ask(gate, Lane.CREATE, 80, _ -> ofSeconds(1));
    ask(gate, Lane.DELETE, 80, _ -> ofSeconds(1));

    time.pass(ofSeconds(8));
    assertThat(most).containsEntry(Lane.DELETE, 2);
    time.pass(ofMinutes(1));

    assertThat(most).containsEntry(Lane.DELETE, 8);
    assertThat(outcomes).hasSize(160);
  }

  @Test
  void given_the_end_then_what_waits_is_not_called_and_what_is_in_flight_ends() {
    var gate = new CallGate(time, metrics, OptionalInt.of(1));
    ask(gate, Lane.CREATE, 3, _ -> ofSeconds(5));
    time.pass(ofSeconds(1));

    gate.close();
    time.pass(ofSeconds(1));
    assertThat(cancelled[0]).isEqualTo(2);
    assertThat(outcomes).isEmpty();
    time.pass(ofSeconds(5));

    assertThat(outcomes).containsExactly(new Outcome.Done<>("done"));
  }

  private void ask(CallGate gate, Lane lane, int calls, IntFunction<Duration> takes) {
    for (var i = 0; i < calls; i++) {
      time.spawn("call", () -> call(gate, lane, takes));
    }
  }

  private void call(CallGate gate, Lane lane, IntFunction<Duration> takes) {
    try {
      outcomes.add(gate.pass(lane, () -> work(lane, takes)));
    } catch (CancellationException _) {
      cancelled[0]++;
    }
  }

  private Outcome<String> work(Lane lane, IntFunction<Duration> takes) {
    var now = inFlight.merge(lane, 1, Integer::sum);
    most.merge(lane, now, Math::max);
    var took = takes.apply(now);
    var late = took.compareTo(ofSeconds(10)) > 0;
    time.sleep(late ? ofSeconds(10) : took);
    inFlight.merge(lane, -1, Integer::sum);
    return late
        ? new Outcome.InDoubt<>(Code.DEADLINE_EXCEEDED, "too late")
        : new Outcome.Done<>("done");
  }
}
