package io.csi4j.sidecars.attacher;

import io.csi4j.e2e.simulator.Scenario;
import io.csi4j.e2e.simulator.Simulation;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fixed set of seeds in every build; {@code e2e/simulator/run --scenario=attacher} has more, and
 * so have {@code attacher-elected} and {@code attacher-listing}.
 */
class AttacherSimulationTest {
  private static final long SEEDS = Long.getLong("csi4j.seeds", 300);

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void given_any_seed_then_what_is_wanted_is_attached_and_nothing_else(
      String name, Scenario scenario) {
    new Simulation(scenario).holds(0, SEEDS);
  }

  static Stream<Object[]> scenarios() {
    return Stream.of(
            AttacherScenario.scenario(), AttacherScenario.elected(), AttacherScenario.listing())
        .map(scenario -> new Object[] {scenario.name(), scenario});
  }
}
