package io.csi4j.e2e.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The simulator finds the leak that is there, and none where there is none. */
class ExampleTest {
  private static final long SEEDS = Long.getLong("csi4j.seeds", 3_000);

  @Test
  void given_no_intents_then_the_leak_is_found_and_shrinks_to_the_crash_that_causes_it() {
    var simulation = new Simulation(ExampleScenario.withoutIntents());

    var failed = simulation.search(0, 10_000, () -> false).failed().orElseThrow();
    var least = Shrink.shrink(simulation, failed);

    assertThat(least.violation().orElseThrow().invariant()).isEqualTo("nothing leaked");
    assertThat(least.faults().size()).isLessThanOrEqualTo(2);
    assertThat(least.faults().values())
        .filteredOn(fault -> fault.toString().startsWith("crash-"))
        .hasSize(1);
    assertThat(least.plan().actions().orElseThrow()).hasSize(2);
  }

  @Test
  void given_intents_then_nothing_is_found() {
    new Simulation(ExampleScenario.withIntents()).holds(0, SEEDS);
  }

  @Test
  void given_two_replicas_that_lose_their_lease_now_and_then_then_nothing_is_found() {
    new Simulation(ExampleScenario.elected()).holds(0, Math.min(SEEDS, 200));
  }
}
