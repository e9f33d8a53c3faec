package io.csi4j.sidecars.kit.cluster;

import static io.csi4j.sidecars.kit.cluster.RequestLine.Urgency.WAITED_FOR;
import static io.csi4j.sidecars.kit.cluster.RequestLine.Urgency.YIELDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.cluster.RequestLine.Limits;
import io.csi4j.sidecars.kit.cluster.RequestLine.Place;
import io.csi4j.sidecars.kit.cluster.RequestLine.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who sends a request next, in a line of 10 places: 6 of them yield alone, 2 beside others. */
class RequestLineTest {
  private static final Limits LIMITS = new Limits(10, 6, 2);

  private final RequestLine line = new RequestLine(LIMITS);

  @Test
  void given_room_then_it_is_each_ones_turn_at_once() throws Exception {
    try (var first = line.take(YIELDING);
        var second = line.take(WAITED_FOR)) {
      assertThat(Stream.of(first, second)).allMatch(Place::hasTurn);
    }
  }

  @Test
  void given_nobody_waits_then_those_that_yield_are_many_and_leave_room() {
    join(YIELDING, 7);

    assertThat(withTurn(join(WAITED_FOR, 5))).isEqualTo(4);
  }

  @Test
  void given_none_that_yields_then_two_places_are_kept_for_them() {
    assertThat(withTurn(join(WAITED_FOR, 20))).isEqualTo(8);
    assertThat(withTurn(join(YIELDING, 20))).isEqualTo(2);
  }

  @Test
  void given_a_request_that_is_waited_for_then_the_next_that_yield_are_few_until_it_is_over() {
    var urgent = line.join(WAITED_FOR);
    var yielding = join(YIELDING, 7);
    assertThat(withTurn(yielding)).isEqualTo(2);

    urgent.close();

    assertThat(withTurn(yielding)).isEqualTo(6);
  }

  /** What is under way is not called back; its places are not taken again. */
  @Test
  void given_many_that_yield_when_one_comes_that_is_waited_for_then_they_become_fewer() {
    var yielding = join(YIELDING, 12);
    line.join(WAITED_FOR);

    yielding.subList(0, 4).forEach(Place::close);
    assertThat(withTurn(yielding)).isEqualTo(6);
    yielding.get(4).close();

    assertThat(withTurn(yielding)).isEqualTo(7);
  }

  @Test
  void given_both_wait_for_one_place_then_the_one_that_is_waited_for_gets_it() {
    var yielding = join(YIELDING, 6);
    var first = join(WAITED_FOR, 4);
    var late = line.join(YIELDING);
    var urgent = line.join(WAITED_FOR);

    yielding.getFirst().close();

    assertThat(withTurn(first)).isEqualTo(4);
    assertThat(urgent.hasTurn()).isTrue();
    assertThat(late.hasTurn()).isFalse();
  }

  @Test
  void given_equals_then_who_came_first_goes_first() {
    var under = join(WAITED_FOR, 8);
    var waiting = join(WAITED_FOR, 3);

    under.getFirst().close();
    assertThat(waiting).extracting(Place::hasTurn).containsExactly(true, false, false);
    under.getLast().close();

    assertThat(waiting).extracting(Place::hasTurn).containsExactly(true, true, false);
  }

  /** However many are waited for, and however long. */
  @Test
  void given_a_line_of_waited_for_that_never_ends_then_those_that_yield_go_on() {
    join(WAITED_FOR, 100);
    var yielding = join(YIELDING, 50);

    for (var i = 0; i < 25; i++) {
      yielding.stream().filter(Place::hasTurn).toList().forEach(Place::close);
      line.join(WAITED_FOR);
    }

    assertThat(yielding).allMatch(Place::hasTurn);
  }

  @Test
  void given_one_gives_up_waiting_then_the_next_gets_its_turn() {
    var under = join(WAITED_FOR, 8);
    var waiting = join(WAITED_FOR, 2);

    waiting.getFirst().close();
    under.getFirst().close();

    assertThat(waiting.getFirst().hasTurn()).isFalse();
    assertThat(waiting.getLast().hasTurn()).isTrue();
  }

  @Test
  void given_an_interrupt_while_it_waits_then_it_has_left_the_line() {
    var under = join(WAITED_FOR, 8);

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> line.take(WAITED_FOR)).isInstanceOf(InterruptedException.class);
    var next = line.join(WAITED_FOR);
    under.getFirst().close();

    assertThat(next.hasTurn()).isTrue();
  }

  /** Its turn may have come at the very moment. */
  @Test
  void given_an_interrupt_with_its_turn_come_then_the_place_is_free_again() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> line.take(WAITED_FOR)).isInstanceOf(InterruptedException.class);

    assertThat(withTurn(join(WAITED_FOR, 20))).isEqualTo(8);
  }

  @Test
  void given_a_place_is_left_twice_then_it_counts_once() {
    var twice = line.join(WAITED_FOR);
    twice.close();
    twice.close();

    assertThat(withTurn(join(WAITED_FOR, 20))).isEqualTo(8);
  }

  @Test
  void given_limits_under_which_somebody_could_starve_then_they_are_refused() {
    assertThat(List.of(new Limits(3, 2, 1), new Limits(10, 2, 2))).hasSize(2);
    assertThatThrownBy(() -> new Limits(10, 6, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(10, 2, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(6, 6, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }

  /** Whatever comes and goes: never too many, nobody waits beside a free place, all get through. */
  @ParameterizedTest
  @MethodSource("seeds")
  void given_a_seed_then_no_place_is_wasted_nor_given_twice(int seed) {
    var chance = new Random(seed);
    var waiting = new ArrayList<Entry>();
    var under = new ArrayList<Entry>();
    for (var step = 0; step < 10 + seed; step++) {
      if (chance.nextInt(5) < 3) {
        var urgency = chance.nextBoolean() ? WAITED_FOR : YIELDING;
        waiting.add(new Entry(urgency, line.join(urgency)));
      } else {
        leave(chance.nextInt(4) == 0 ? waiting : under, chance);
      }
      move(waiting, under);
      holds(waiting, under);
    }
    while (!under.isEmpty()) {
      leave(under, chance);
      move(waiting, under);
      holds(waiting, under);
    }
    assertThat(waiting).isEmpty();
  }

  private record Entry(Urgency urgency, Place place) {}

  private static void leave(List<Entry> from, Random chance) {
    if (!from.isEmpty()) {
      from.remove(chance.nextInt(from.size())).place().close();
    }
  }

  private static void move(List<Entry> waiting, List<Entry> under) {
    var called = waiting.stream().filter(each -> each.place().hasTurn()).toList();
    waiting.removeAll(called);
    under.addAll(called);
  }

  private static void holds(List<Entry> waiting, List<Entry> under) {
    var urgent = count(under, WAITED_FOR);
    var yielding = count(under, YIELDING);
    assertThat(urgent + yielding).isLessThanOrEqualTo(LIMITS.all());
    assertThat(yielding).isLessThanOrEqualTo(LIMITS.yielding());
    assertThat(urgent).isLessThanOrEqualTo(LIMITS.all() - LIMITS.beside());
    if (count(waiting, YIELDING) > 0) {
      assertThat(yielding)
          .isGreaterThanOrEqualTo(urgent == 0 ? LIMITS.yielding() : LIMITS.beside());
    }
    if (count(waiting, WAITED_FOR) > 0) {
      assertThat(urgent)
          .isGreaterThanOrEqualTo(
              Math.min(LIMITS.all() - LIMITS.beside(), LIMITS.all() - yielding));
    }
  }

  private static int count(List<Entry> all, Urgency urgency) {
    return (int) all.stream().filter(each -> each.urgency() == urgency).count();
  }

  private List<Place> join(Urgency urgency, int count) {
    return Stream.generate(() -> line.join(urgency)).limit(count).toList();
  }

  private static long withTurn(List<Place> places) {
    return places.stream().filter(Place::hasTurn).count();
  }
}
