package io.csi4j.sidecars.attacher;

import io.csi4j.e2e.simulator.Simulation;
import org.junit.jupiter.api.Test;

/** A fixed set of seeds in every build; {@code e2e/simulator/run --scenario=attacher} has more. */
class AttacherSimulationTest {
  private static final long SEEDS = Long.getLong("csi4j.seeds", 500);

  @Test
  void given_any_seed_then_what_is_wanted_is_attached_and_nothing_else() {
    new Simulation(AttacherScenario.scenario()).holds(0, SEEDS);
  }
}
