package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod waits for a claim, and nobody for a deletion: that goes when it is its turn. */
class YieldingTest {
  private final Stage stage = new Stage();

  @BeforeEach
  void a_volume_is_to_be_deleted() {
    stage.claim("old");
    alone();
    stage.bind("old");
    stage.endClaim("old");
    stage.claim("new");
  }

  @Test
  void given_no_turn_for_who_yields_when_a_claim_wants_a_volume_then_it_gets_one() {
    amongOthers();

    assertThat(stage.hasVolume("new")).isTrue();
  }

  @Test
  void given_no_turn_for_who_yields_when_a_volume_is_to_be_deleted_then_its_turn_is_waited_for() {
    amongOthers();
    assertThat(stage.hasVolume("old")).isTrue();

    alone();

    assertThat(stage.hasVolume("old")).isFalse();
    assertThat(stage.cluster.has(Claim.KIND, new ObjectKey("ns", "new"))).isTrue();
  }

  private void amongOthers() {
    live(stage.lifeAmongOthers());
  }

  private void alone() {
    live(stage.life());
  }

  private static void live(ProvisionerLife life) {
    life.live(ofSeconds(10));
    life.end();
  }
}
