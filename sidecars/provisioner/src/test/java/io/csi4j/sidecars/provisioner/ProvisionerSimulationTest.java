package io.csi4j.sidecars.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Plan;
import io.csi4j.e2e.simulator.Simulation;
import io.csi4j.e2e.simulator.Violation;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A fixed set of seeds in every build; {@code e2e/simulator/run --scenario=provisioner} has more.
 */
class ProvisionerSimulationTest {
  private static final long SEEDS = Long.getLong("csi4j.seeds", 500);

  @Test
  void given_any_seed_then_each_claim_has_its_volume_and_nothing_else_is_left() {
    new Simulation(ProvisionerScenario.scenario()).holds(0, SEEDS);
  }

  /** Over the journal of a real process, whose objects are full all the time. */
  @Test
  void given_any_seed_and_full_config_maps_then_nothing_is_left_either() {
    new Simulation(ProvisionerScenario.withFullConfigMaps()).holds(0, SEEDS / 2);
  }

  /** What keeps the first test honest; the shortest is a crash between call and object (B-1). */
  @Test
  void given_intents_that_do_not_survive_then_the_leak_is_found() {
    var simulation = new Simulation(ProvisionerScenario.withoutIntents());

    var found =
        LongStream.range(0, SEEDS)
            .mapToObj(seed -> simulation.run(Plan.of(seed)).violation())
            .flatMap(Optional::stream)
            .map(Violation::invariant)
            .collect(Collectors.toSet());

    assertThat(found).contains("nothing leaked");
  }
}
