package io.csi4j.e2e.sandbox.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.node.ExpansionStep.Expand;
import io.csi4j.e2e.sandbox.actors.node.ExpansionStep.Settled;
import io.csi4j.e2e.sandbox.actors.node.ExpansionStep.Share;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The table of section 9. */
class ExpansionStepTest {

  private static ExpansionFacts facts(int claim, int known, String status, boolean many) {
    return new ExpansionFacts(
        BigDecimal.TWO,
        BigDecimal.valueOf(claim),
        BigDecimal.valueOf(known),
        status,
        many,
        false,
        false);
  }

  /** Cluster scenario 52. */
  @Test
  void given_a_claim_that_waits_for_the_node_then_it_is_expanded() {
    assertThat(ExpansionStep.decide(facts(1, 1, "NodeResizePending", false)))
        .isEqualTo(new Expand(Share.OF_CLAIM));
    assertThat(ExpansionStep.decide(facts(1, 2, "NodeResizeInProgress", false)))
        .isEqualTo(new Expand(Share.OF_CLAIM));
  }

  /** Cluster scenario 53. */
  @Test
  void given_no_status_or_one_of_others_then_nothing_is_done() {
    for (var status : new String[] {"", "ControllerResizeInProgress", "NodeResizeInfeasible"}) {
      assertThat(ExpansionStep.decide(facts(1, 1, status, true))).isEqualTo(new Settled());
    }
  }

  /** Cluster scenario 54. */
  @Test
  void given_a_claim_that_has_its_size_then_only_other_writers_grow_their_view() {
    assertThat(ExpansionStep.decide(facts(2, 1, "", true))).isEqualTo(new Expand(Share.OF_NODE));
    assertThat(ExpansionStep.decide(facts(2, 1, "", false))).isEqualTo(new Settled());
    assertThat(ExpansionStep.decide(facts(2, 2, "", true))).isEqualTo(new Settled());
    var notRequired =
        new ExpansionFacts(BigDecimal.TWO, BigDecimal.TWO, BigDecimal.ONE, "", true, true, false);
    assertThat(ExpansionStep.decide(notRequired)).isEqualTo(new Settled());
  }

  /** Cluster scenario 57. */
  @Test
  void given_a_mount_that_is_read_only_then_nothing_is_done() {
    var readOnly =
        new ExpansionFacts(
            BigDecimal.TWO,
            BigDecimal.ONE,
            BigDecimal.ONE,
            "NodeResizePending",
            false,
            false,
            true);
    assertThat(ExpansionStep.decide(readOnly)).isEqualTo(new Settled());
  }
}
