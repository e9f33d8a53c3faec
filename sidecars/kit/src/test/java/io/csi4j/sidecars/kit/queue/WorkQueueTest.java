package io.csi4j.sidecars.kit.queue;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scenarios of common.md B18. */
class WorkQueueTest {
  private final ManualTime time = new ManualTime();
  private final List<String> seen = new ArrayList<>();
  private final WorkQueue<String> queue = started(4, seen::add);

  /** B18 54. */
  @Test
  void given_a_key_added_twice_when_a_worker_comes_then_it_is_worked_on_once() {
    queue.add("a");
    queue.add("a");

    time.settle();

    assertThat(seen).containsExactly("a");
  }

  /** B18 55. */
  @Test
  void given_a_key_in_work_when_it_is_added_three_times_then_it_runs_once_more() {
    var runs = new ArrayList<String>();
    var again = new ArrayList<WorkQueue<String>>();
    var busy =
        started(
            4,
            key -> {
              runs.add(key);
              if (runs.size() == 1) {
                again.getFirst().add(key);
                again.getFirst().add(key);
                again.getFirst().add(key);
                assertThat(runs).hasSize(1);
              }
            });
    again.add(busy);
    busy.add("a");

    time.settle();

    assertThat(runs).containsExactly("a", "a");
  }

  /** B18 57. */
  @Test
  void given_a_key_was_worked_on_when_nobody_adds_it_then_it_does_not_run_again() {
    queue.add("a");
    time.settle();

    time.pass(ofHours(1));

    assertThat(seen).containsExactly("a");
  }

  /** B18 58. */
  @Test
  void given_a_delayed_key_when_it_is_delayed_again_then_the_earlier_time_counts() {
    queue.addAfter("late-then-soon", ofSeconds(5));
    queue.addAfter("late-then-soon", ofSeconds(1));
    queue.addAfter("soon-then-late", ofSeconds(1));
    queue.addAfter("soon-then-late", ofSeconds(5));

    time.pass(ofMillis(999));
    assertThat(seen).isEmpty();
    time.pass(ofMillis(1));
    assertThat(seen).containsExactlyInAnyOrder("late-then-soon", "soon-then-late");
    time.pass(ofSeconds(60));
    assertThat(seen).hasSize(2);
  }

  /** B18 59. */
  @Test
  void given_a_delayed_key_when_it_is_added_then_it_runs_now_and_again_at_its_time() {
    queue.addAfter("a", ofSeconds(5));
    queue.add("a");

    time.settle();
    assertThat(seen).containsExactly("a");
    time.pass(ofSeconds(5));
    assertThat(seen).containsExactly("a", "a");
  }

  /** B18 64. */
  @Test
  void given_turns_that_leave_the_rest_when_closed_then_only_what_is_in_hand_is_finished() {
    var leaving =
        new WorkQueue<String>(
            "leaving",
            time,
            InOrder.leavingRest(1),
            key -> {
              time.sleep(ofSeconds(1));
              seen.add(key);
            },
            QueueObserver.NOBODY);
    leaving.start();
    leaving.add("in-hand");
    leaving.add("waiting");
    time.settle();

    leaving.close();

    assertThat(leaving.awaitIdle(ofSeconds(10))).isTrue();
    assertThat(seen).containsExactly("in-hand");
  }

  @Test
  void given_waiting_and_delayed_keys_when_closed_then_waiting_ones_run_and_the_rest_is_dropped() {
    queue.add("waiting");
    queue.addAfter("delayed", ofSeconds(1));
    queue.close();
    queue.add("too-late");

    time.pass(ofSeconds(60));

    assertThat(seen).containsExactly("waiting");
  }

  /** B18 65. */
  @Test
  void given_work_in_hand_when_drained_then_the_waiting_ends_with_the_last_of_it() {
    var busy = started(2, _ -> time.sleep(ofSeconds(3)));
    busy.add("a");
    busy.add("b");
    busy.add("c");
    time.settle();
    busy.close();
    assertThat(busy.awaitIdle(Duration.ZERO)).isFalse();

    time.pass(ofSeconds(6));

    assertThat(busy.awaitIdle(Duration.ZERO)).isTrue();
  }

  /** Whoever waits, waits in the time that the queue was given. */
  @Test
  void given_work_in_hand_when_somebody_waits_for_its_end_then_they_hear_of_it_at_once() {
    var busy = started(2, _ -> time.sleep(ofSeconds(3)));
    busy.add("a");
    busy.add("b");
    time.settle();
    busy.close();

    assertThat(busy.awaitIdle(ofSeconds(10))).isTrue();

    assertThat(time.nanos()).isEqualTo(ofSeconds(3).toNanos());
  }

  @Test
  void given_a_queue_that_was_not_started_when_keys_come_then_they_wait() {
    var idle = new WorkQueue<String>("test", time, 1, seen::add);
    idle.add("a");
    idle.add("b");
    time.settle();
    assertThat(seen).isEmpty();

    idle.start();
    time.settle();

    assertThat(seen).containsExactly("a", "b");
  }

  private WorkQueue<String> started(int workers, WorkQueue.Worker<String> worker) {
    var made = new WorkQueue<>("test", time, workers, worker);
    made.start();
    return made;
  }
}
