package io.csi4j.e2e.simulator.baton;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatonTest {
  private final List<String> history = new ArrayList<>();

  @Test
  void given_a_seed_then_turns_are_the_same_each_time_and_others_with_another_seed() {
    assertThat(turns(7)).isEqualTo(turns(7));
    // Of two times three turns there are twenty orders.
    assertThat(LongStream.range(0, 400).mapToObj(this::turns).distinct().count()).isEqualTo(20);
  }

  @Test
  void given_calm_then_who_runs_goes_on_until_it_waits() {
    try (var baton = new Baton(Order.CALM, new Chance(1), 1000)) {
      var turns = turns(baton);

      assertThat(turns).isEqualTo("a1a2a3b1b2b3");
    }
  }

  @Test
  void given_timers_then_they_fire_in_order_and_time_passes_in_no_time() {
    try (var baton = new Baton(Order.CALM, new Chance(1), 1000)) {
      var time = baton.time(baton.life("p"));
      time.after(ofHours(1), () -> history.add("late"));
      time.after(ofSeconds(1), () -> history.add("cancelled")).cancel();
      time.spawn(
          "sleeper",
          () -> {
            time.sleep(ofMinutes(30));
            history.add("slept until " + time.nanos() / 1_000_000_000);
          });

      baton.passUntil(ofHours(2).toNanos());

      assertThat(history).containsExactly("slept until 1800", "late");
      assertThat(baton.nanos()).isEqualTo(ofHours(2).toNanos());
    }
  }

  @Test
  void given_a_signal_then_it_wakes_all_that_wait_and_none_after_its_limit() {
    try (var baton = new Baton(Order.CALM, new Chance(1), 1000)) {
      var time = baton.time(baton.life("p"));
      var signal = time.signal();
      time.spawn("patient", () -> history.add("patient " + signal.await(ofSeconds(10))));
      time.spawn("hasty", () -> history.add("hasty " + signal.await(ofSeconds(1))));
      time.after(ofSeconds(5), signal::raise);

      baton.passUntil(ofSeconds(20).toNanos());

      assertThat(history).containsExactly("hasty false", "patient true");
    }
  }

  @Test
  void given_the_end_of_a_life_then_its_fibers_unwind_and_others_go_on() {
    try (var baton = new Baton(Order.CALM, new Chance(1), 1000)) {
      var life = baton.life("p");
      var mortal = baton.time(life);
      var other = baton.time(baton.life("q"));
      mortal.spawn(
          "waits",
          () -> {
            try {
              mortal.sleep(ofSeconds(10));
              history.add("survived");
            } finally {
              history.add("unwound");
            }
          });
      mortal.after(ofSeconds(10), () -> history.add("timer of the dead"));
      other.after(ofSeconds(1), () -> baton.end(life));
      other.after(ofSeconds(20), () -> history.add("lives"));

      baton.passUntil(ofSeconds(30).toNanos());

      assertThat(history).containsExactly("unwound", "lives");
    }
  }

  @Test
  void given_fibers_that_never_rest_then_the_run_ends_all_the_same() {
    try (var baton = new Baton(Order.CALM, new Chance(1), 1000)) {
      var time = baton.time(baton.life("p"));
      for (var name : new TreeSet<>(List.of("a", "b"))) {
        time.spawn(
            name,
            () -> {
              while (true) {
                baton.offer();
              }
            });
      }

      assertThatThrownBy(() -> baton.passUntil(1)).isInstanceOf(Baton.Restless.class);
    }
  }

  @Test
  void given_a_bug_in_a_fiber_then_the_conductor_hears_of_it() {
    try (var baton = new Baton(Order.CALM, new Chance(1), 1000)) {
      baton
          .time(baton.life("p"))
          .spawn(
              "buggy",
              () -> {
                throw new IllegalStateException("a bug");
              });

      assertThatThrownBy(() -> baton.passUntil(1)).hasMessage("a bug");
    }
  }

  private String turns(long seed) {
    try (var baton = new Baton(Order.seeded(new Chance(seed)), new Chance(seed), 1000)) {
      return turns(baton);
    }
  }

  private static String turns(Baton baton) {
    var turns = new StringBuilder();
    var time = baton.time(baton.life("p"));
    for (var name : List.of("a", "b")) {
      time.spawn(
          name,
          () -> {
            for (var n = 1; n <= 3; n++) {
              turns.append(name).append(n);
              baton.offer();
            }
          });
    }
    baton.passUntil(1);
    return turns.toString();
  }
}
