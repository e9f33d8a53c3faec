package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Plan;
import io.csi4j.e2e.simulator.Simulation;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** A fixed set of seeds in every build; {@code e2e/simulator/run --scenario=attacher} has more. */
class AttacherSimulationTest {
  private static final long SEEDS = Long.getLong("csi4j.seeds", 300);

  @Test
  void given_any_seed_then_what_is_wanted_is_attached_and_nothing_else() {
    new Simulation(AttacherScenario.scenario()).holds(0, SEEDS);
  }

  /**
   * Seed 354: a dead process's removal of a finalizer arrives after an attachment of the same name
   * was made anew, and takes the new one's finalizer off.
   */
  @Disabled("until removing a finalizer names the UID that it means")
  @Test
  void given_a_removal_that_arrives_late_then_an_attachment_made_anew_keeps_its_finalizer() {
    var plan =
        Plan.parse(
            "seed 354; calm; actions 16 20 21 22; faults;"
                + " patch volumeattachments csi-pv-2-node-1 #2 = crash-during 5295ms");

    assertThat(new Simulation(AttacherScenario.scenario()).run(plan).violation()).isEmpty();
  }
}
