package io.csi4j.sidecars.provisioner;

import static io.csi4j.sidecars.provisioner.Objects.DRIVER;
import static io.csi4j.sidecars.provisioner.Objects.csiNode;
import static io.csi4j.sidecars.provisioner.Objects.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass.TopologyTerm;
import io.csi4j.sidecars.provisioner.ProvisionerOptions.Placing;
import io.csi4j.sidecars.provisioner.TopologyChoice.Anywhere;
import io.csi4j.sidecars.provisioner.TopologyChoice.NodeGone;
import io.csi4j.sidecars.provisioner.TopologyChoice.Places;
import io.csi4j.sidecars.provisioner.TopologyChoice.Unknown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of provisioner.md 8. */
class TopologyChoiceTest {
  private static final Placing DEFAULTS = new Placing(false, true);
  private static final Placing STRICT = new Placing(true, true);
  private static final Placing NOT_IMMEDIATE = new Placing(false, false);
  private static final List<CsiNode> CSI_NODES =
      List.of(csiNode("a", "zone"), csiNode("b", "zone"), csiNode("c", "zone"));
  private static final List<Node> NODES =
      List.of(
          node("a", Map.of("zone", "1")),
          node("b", Map.of("zone", "2")),
          node("c", Map.of("zone", "3")),
          node("unlabelled", Map.of()));
  private static final Term ONE = Term.of(Map.of("zone", "1"));
  private static final Term TWO = Term.of(Map.of("zone", "2"));
  private static final Term THREE = Term.of(Map.of("zone", "3"));

  @Test
  void given_a_selected_node_then_its_place_is_preferred_among_all() {
    assertThat(decide("data", "b", List.of(), DEFAULTS))
        .isEqualTo(new Places(List.of(ONE, TWO, THREE), List.of(TWO, THREE, ONE)));
  }

  @Test
  void given_a_selected_node_and_strict_topology_then_its_place_is_the_only_one() {
    assertThat(decide("data", "b", List.of(), STRICT))
        .isEqualTo(new Places(List.of(TWO), List.of(TWO)));
  }

  @Test
  void given_allowed_topologies_then_the_selected_nodes_one_comes_first() {
    var allowed = List.of(term("zone", "1", "2"));

    assertThat(decide("data", "b", allowed, DEFAULTS))
        .isEqualTo(new Places(List.of(ONE, TWO), List.of(TWO, ONE)));
    assertThat(decide("data", "b", allowed, STRICT))
        .isEqualTo(new Places(List.of(TWO), List.of(TWO)));
  }

  @Test
  void given_a_selected_node_outside_the_allowed_topologies_then_it_is_an_error() {
    var allowed = List.of(term("zone", "1"));

    assertThat(decide("data", "b", allowed, DEFAULTS)).isInstanceOf(Unknown.class);
    assertThat(decide("data", "b", allowed, STRICT)).isInstanceOf(Unknown.class);
  }

  @Test
  void given_no_node_then_all_places_are_named_from_where_the_claims_name_says() {
    assertThat(decide("testpvcA-testset-1", "", List.of(), DEFAULTS))
        .isEqualTo(
            new Places(
                List.of(ONE, TWO, THREE),
                switch (StatefulSpread.startOf("testpvcA-testset-1", 3)) {
                  case 0 -> List.of(ONE, TWO, THREE);
                  case 1 -> List.of(TWO, THREE, ONE);
                  default -> List.of(THREE, ONE, TWO);
                }));
  }

  @Test
  void given_no_node_and_no_immediate_topology_then_the_driver_may_choose() {
    assertThat(decide("data", "", List.of(), NOT_IMMEDIATE)).isEqualTo(new Anywhere());
  }

  @Test
  void given_two_keys_with_two_values_each_then_all_four_combinations_are_allowed() {
    var values = new LinkedHashMap<String, List<String>>();
    values.put("zone", List.of("1", "2"));
    values.put("rack", List.of("A", "B"));

    var choice = (Places) decide("data", "", List.of(new TopologyTerm(values)), DEFAULTS);

    assertThat(choice.requisite())
        .containsExactly(
            Term.of(Map.of("rack", "A", "zone", "1")),
            Term.of(Map.of("rack", "A", "zone", "2")),
            Term.of(Map.of("rack", "B", "zone", "1")),
            Term.of(Map.of("rack", "B", "zone", "2")));
  }

  @Test
  void given_a_node_that_is_gone_then_the_scheduler_must_choose_again() {
    assertThat(decide("data", "gone", List.of(), DEFAULTS)).isInstanceOf(NodeGone.class);
  }

  @Test
  void given_nobody_knows_a_topology_key_then_it_is_an_error() {
    var facts =
        new TopologyFacts(DRIVER, "data", "", List.of(), List.of(csiNode("a")), NODES, DEFAULTS);

    assertThat(TopologyChoice.decide(facts)).isInstanceOf(Unknown.class);
  }

  @Test
  void given_terms_of_several_lengths_then_shorter_ones_come_first() {
    assertThat(
            List.of(Term.of(Map.of("a", "1", "b", "1")), Term.of(Map.of("z", "9"))).stream()
                .sorted())
        .containsExactly(Term.of(Map.of("z", "9")), Term.of(Map.of("a", "1", "b", "1")));
  }

  /** Golden values of 8.4. */
  @ParameterizedTest
  @CsvSource({
    "testpvcA-testset-1, 0",
    "testset-2, 1",
    "x-testset-3, 2",
    "x-testset-4, 3",
  })
  void given_claims_of_a_statefulset_then_they_are_spread(String claim, int start) {
    assertThat(StatefulSpread.startOf(claim, 4)).isEqualTo(start);
  }

  @Test
  void given_names_then_their_hashes_are_those_of_the_go_tools() {
    assertThat(Integer.toUnsignedLong(StatefulSpread.hash("testset"))).isEqualTo(1633848515L);
    assertThat(Integer.toUnsignedLong(StatefulSpread.hash("web"))).isEqualTo(1181096325L);
  }

  private static TopologyTerm term(String key, String... values) {
    return new TopologyTerm(Map.of(key, List.of(values)));
  }

  private static TopologyChoice decide(
      String claim, String node, List<TopologyTerm> allowed, Placing placing) {
    return TopologyChoice.decide(
        new TopologyFacts(DRIVER, claim, node, allowed, CSI_NODES, NODES, placing));
  }
}
