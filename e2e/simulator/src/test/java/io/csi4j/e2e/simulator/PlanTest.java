package io.csi4j.e2e.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {

  @Test
  void given_any_plan_then_its_text_is_the_same_plan() {
    var simulation = new Simulation(ExampleScenario.withIntents());
    var kinds = new HashSet<Class<?>>();
    for (var seed : LongStream.range(0, 300).toArray()) {
      var run = simulation.run(Plan.of(seed));
      run.faults().values().forEach(fault -> kinds.add(fault.getClass()));
      var plan = run.plan().withFaults(run.faults()).withActions(List.of(0, 2));

      assertThat(Plan.parse(plan.toString())).isEqualTo(plan);
      assertThat(Plan.parse(plan.with(Plan.Turns.CALM).toString()))
          .isEqualTo(plan.with(Plan.Turns.CALM));
      assertThat(Plan.parse(plan.withActions(List.of()).toString()))
          .isEqualTo(plan.withActions(List.of()));
    }
    assertThat(kinds).containsExactlyInAnyOrder(Fault.class.getPermittedSubclasses());
  }

  /** What makes a failing run shrink: nothing else changes where one fault is named, not drawn. */
  @Test
  void given_the_faults_that_a_seed_drew_then_naming_them_is_the_same_run() {
    var simulation = new Simulation(ExampleScenario.withIntents());
    for (var seed : LongStream.range(0, 100).toArray()) {
      var drawn = simulation.run(Plan.of(seed));

      var named = simulation.run(Plan.of(seed).withFaults(drawn.faults()));

      assertThat(named.trace().digest()).isEqualTo(drawn.trace().digest());
    }
  }

  @Test
  void given_nonsense_then_it_is_refused() {
    assertThatThrownBy(() -> Plan.parse("seed 1; quiet")).hasMessageContaining("quiet");
    assertThatThrownBy(() -> Plan.parse("seed 1; faults; open x #1 = late-ish"))
        .hasMessageContaining("late-ish");
  }
}
