package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** registrar.md 14.11. */
class TopologyHintsTest {

  @Test
  void given_a_collision_in_kubelets_words_then_the_label_and_the_command() {
    var refusal =
        "RegisterPlugin error -- plugin registration failed with err: error updating CSINode object:"
            + " detected topology value collision: driver reported"
            + " \"topology.x/zone\":\"b\" but existing label is \"topology.x/zone\":\"a\"";

    assertThat(TopologyHints.remedy(refusal))
        .hasValueSatisfying(
            remedy ->
                assertThat(remedy)
                    .startsWith("the node has the label topology.x/zone=a")
                    .endsWith("kubectl label node NODE topology.x/zone-"));
  }

  @Test
  void given_another_refusal_then_no_remedy() {
    assertThat(TopologyHints.remedy("boom")).isEmpty();
  }

  @Test
  void given_segments_then_those_that_are_no_labels_are_named() {
    var segments =
        Map.of("topology.x/zone", "a", "Upper.x/zone", "a", "zone", "", "a/b/c", "a", "bad", "-a");

    assertThat(TopologyHints.unfit(segments))
        .containsExactly(
            "topology key \"Upper.x/zone\" is no label key",
            "topology key \"a/b/c\" is no label key",
            "topology value \"-a\" of bad is no label value");
  }

  @Test
  void given_a_value_of_64_characters_then_it_is_too_long() {
    assertThat(TopologyHints.unfit(Map.of("zone", "a".repeat(63)))).isEmpty();
    assertThat(TopologyHints.unfit(Map.of("zone", "a".repeat(64)))).hasSize(1);
  }
}
