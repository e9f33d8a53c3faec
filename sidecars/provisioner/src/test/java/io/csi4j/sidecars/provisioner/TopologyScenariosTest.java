package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.proto.csi.v1.Topology;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios T of provisioner 26: where volumes may be. */
class TopologyScenariosTest {
  private final Stage stage = new Stage().topology();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private TopologyScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
  }

  /** T1. */
  @ParameterizedTest
  @CsvSource({"false, 1 2, 1 2", "true, 1, 1"})
  void given_three_nodes_in_two_zones_then_the_selected_ones_comes_first(
      boolean strict, String requisite, String preferred) {
    stage.flags("--strict-topology=" + strict);
    stage.node("a", Map.of("zone", "1"), "zone");
    stage.node("b", Map.of("zone", "2"), "zone");
    stage.node("c", Map.of("zone", "2"), "zone");
    claim("a");

    stage.life().live(ofSeconds(2));

    assertThat(zones(requirement().getRequisiteList())).isEqualTo(requisite);
    assertThat(zones(requirement().getPreferredList())).isEqualTo(preferred);
  }

  /** T2. */
  @Test
  void given_different_keys_and_a_node_then_its_keys_count() {
    stage.node("a", Map.of("zone", "1", "rack", "9"), "zone");
    stage.node("b", Map.of("zone", "2", "rack", "8"), "rack");
    claim("a");

    stage.life().live(ofSeconds(2));

    assertThat(zones(requirement().getRequisiteList())).isEqualTo("1 2");
  }

  /** T2, and B-8: the places of all kinds of nodes, always in the same order. */
  @Test
  void given_different_keys_and_no_node_then_the_places_of_both_kinds_count() {
    stage.node("a", Map.of("zone", "1"), "zone");
    stage.node("b", Map.of("rack", "8"), "rack");
    stage.node("c", Map.of("zone", "3"));
    claim("");

    stage.life().live(ofSeconds(2));

    assertThat(requirement().getRequisiteList())
        .extracting(Topology::getSegmentsMap)
        .containsExactly(Map.of("rack", "8"), Map.of("zone", "1"), Map.of("zone", "3"));
  }

  /** T2. */
  @Test
  void given_equal_zones_then_there_is_one_place() {
    stage.node("a", Map.of("zone", "1"), "zone");
    stage.node("b", Map.of("zone", "1"), "zone");
    claim("");

    stage.life().live(ofSeconds(2));

    assertThat(zones(requirement().getRequisiteList())).isEqualTo("1");
  }

  /** T3. */
  @ParameterizedTest
  @CsvSource({"true, 0", "false, 1"})
  void given_no_keys_anywhere_then_immediate_binding_needs_them_or_not(
      boolean immediate, int calls) {
    stage.flags("--immediate-topology=" + immediate);
    stage.node("a", Map.of("zone", "1"));
    claim("");
    var life = stage.life();

    life.live(ofSeconds(2));

    assertThat(driver.creates).hasSize(calls);
    if (calls == 0) {
      assertThat(life.events().getLast().message()).contains("no available topology");
    } else {
      assertThat(driver.creates.getFirst().hasAccessibilityRequirements()).isFalse();
    }
  }

  /** T4. */
  @Test
  void given_keys_and_no_labelled_node_then_it_is_an_error() {
    stage.node("a", Map.of(), "zone");
    claim("");
    var life = stage.life();

    life.live(ofSeconds(2));

    assertThat(driver.creates).isEmpty();
    assertThat(life.events().getLast().message()).contains("no node has the labels [[zone]]");
  }

  /** T5. */
  @ParameterizedTest
  @CsvSource({"gone, true", "without keys, false"})
  void given_a_node_that_does_not_run_the_driver_then_it_is_given_back_if_it_is_gone(
      String how, boolean givenBack) {
    if (!how.equals("gone")) {
      stage.node("a", Map.of("zone", "1"));
    }
    var key = claim("a");

    stage.life().live(ofSeconds(2));

    assertThat(driver.creates).isEmpty();
    assertThat(
            stage.cluster.get(Claim.KIND, key).at("/metadata/annotations").has(Names.SELECTED_NODE))
        .isEqualTo(!givenBack);
  }

  /** T6. */
  @Test
  void given_a_node_that_lacks_a_label_when_it_gets_it_then_the_claim_is_served() {
    stage.node("a", Map.of("zone", "1"), "zone", "rack");
    claim("a");
    var life = stage.life();
    life.live(ofSeconds(2));
    assertThat(driver.creates).isEmpty();

    stage.cluster.change(
        Node.KIND,
        ObjectKey.cluster("a"),
        node -> node.withObject("/metadata/labels").put("rack", "1"));
    life.live(ofSeconds(10));

    assertThat(driver.creates).hasSize(1);
  }

  /** T7. */
  @ParameterizedTest
  @CsvSource({
    "zone=1|2 rack=A|B, {rack=A zone=1} {rack=A zone=2} {rack=B zone=1} {rack=B zone=2}",
    "zone=1;zone=1, {zone=1}",
    "zone=1;zone=1 rack=A, {zone=1} {rack=A zone=1}",
    "'', ''"
  })
  void given_allowed_topologies_then_all_combinations_are_sorted(String allowed, String requisite) {
    allow(allowed);
    claim("");

    stage.life().live(ofSeconds(2));

    assertThat(
            requirement().getRequisiteList().stream()
                .map(place -> new java.util.TreeMap<>(place.getSegmentsMap()))
                .map(segments -> segments.toString().replace(",", ""))
                .toList())
        .isEqualTo(requisite.isEmpty() ? List.of() : List.of(requisite.split("(?<=}) ", -1)));
  }

  /** T8, T9. */
  @ParameterizedTest
  @CsvSource({
    "true, zone1, '{disk=ssd rack=7 zone=zone1}'",
    "false, zone1, '{disk=ssd zone=zone1}'",
    "true, zone10, ''",
    "false, zone10, ''"
  })
  void given_a_node_and_allowed_topologies_then_the_node_must_be_in_one(
      boolean strict, String zone, String requisite) {
    stage.flags("--strict-topology=" + strict);
    stage.node("a", Map.of("zone", zone, "disk", "ssd", "rack", "7"), "zone", "disk", "rack");
    allow("zone=zone1 disk=ssd");
    claim("a");

    stage.life().live(ofSeconds(2));

    if (requisite.isEmpty()) {
      assertThat(driver.creates).isEmpty();
    } else {
      var segments = new java.util.TreeMap<>(requirement().getRequisite(0).getSegmentsMap());
      assertThat(segments.toString().replace(",", "")).isEqualTo(requisite);
    }
  }

  /** T10. */
  @Test
  void given_claims_of_two_templates_of_one_pod_then_they_begin_at_the_same_place() {
    assertThat(StatefulSpread.startOf("data-web-0", 4))
        .isEqualTo(StatefulSpread.startOf("logs-web-0", 4));
    assertThat(StatefulSpread.startOf("a", 1)).isZero();
  }

  /** T11 and T12, by the intent instead of a memo; also after a restart. */
  @ParameterizedTest
  @CsvSource({
    "true, a, false, false",
    "false, a, false, false",
    "false, a, true, false",
    "false, '', false, false",
    "false, '', true, true",
    "true, a, true, true"
  })
  void given_a_timeout_when_the_node_is_gone_then_the_places_are_the_same(
      boolean strict, String node, boolean allowed, boolean restarted) {
    stage.flags("--strict-topology=" + strict);
    stage.node("a", Map.of("zone", "1"), "zone");
    stage.node("b", Map.of("zone", "2"), "zone");
    if (allowed) {
      allow("zone=1|2");
    }
    claim(node);
    stage.driver.fails(new Fault.Says(Code.DEADLINE_EXCEEDED, "slow"));
    var life = stage.life();
    life.live(ofMillis(500));
    var first = driver.creates.getFirst();
    for (var name : List.of("a", "b")) {
      stage.cluster.delete(Node.KIND, ObjectKey.cluster(name));
      stage.cluster.delete(CsiNode.KIND, ObjectKey.cluster(name));
    }

    (restarted ? stage.life() : life).live(ofSeconds(5));

    assertThat(driver.creates.getLast().toByteString()).isEqualTo(first.toByteString());
    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** T13, T14. */
  @ParameterizedTest
  @CsvSource({"gate off, two, 0", "on, none, 0", "on, two, 2", "on, empty, 0"})
  void given_places_in_the_answer_then_the_volume_gets_them_where_there_is_a_topology(
      String gate, String places, int terms) {
    stage.flags("--feature-gates=Topology=" + gate.equals("on"));
    stage.node("a", Map.of("zone", "1"), "zone");
    claim("");
    var life = stage.life();
    driver.made =
        volume -> {
          var builder = volume.toBuilder().clearAccessibleTopology();
          switch (places) {
            case "two" ->
                builder
                    .addAccessibleTopology(Term.of(Map.of("zone", "1")).message())
                    .addAccessibleTopology(Term.of(Map.of("zone", "2")).message());
            case "empty" -> builder.addAccessibleTopology(Topology.getDefaultInstance());
            default -> {}
          }
          return builder.build();
        };

    life.live(ofSeconds(2));

    assertThat(driver.creates.getFirst().hasAccessibilityRequirements())
        .isEqualTo(gate.equals("on"));
    assertThat(stage.volume("data").at("/spec/nodeAffinity/required/nodeSelectorTerms"))
        .hasSize(terms);
  }

  private ObjectKey claim(String node) {
    return stage.claim(
        "data",
        claim -> {
          if (!node.isEmpty()) {
            claim.withObject("/metadata/annotations").put(Names.SELECTED_NODE, node);
          }
        });
  }

  /** Alternatives by semicolons, keys by spaces, values by bars. */
  private void allow(String alternatives) {
    stage.storageClass(
        object -> {
          var terms = object.putArray("allowedTopologies");
          for (var alternative : alternatives.split(";", -1)) {
            term(terms.addObject(), alternative);
          }
        });
  }

  private static void term(ObjectNode term, String alternative) {
    var expressions = term.putArray("matchLabelExpressions");
    for (var pair : alternative.isEmpty() ? new String[0] : alternative.split(" ", -1)) {
      var expression = expressions.addObject();
      expression.put("key", pair.substring(0, pair.indexOf('=')));
      var values = expression.putArray("values");
      for (var value : pair.substring(pair.indexOf('=') + 1).split("\\|", -1)) {
        values.add(value);
      }
    }
  }

  private io.csi4j.proto.csi.v1.TopologyRequirement requirement() {
    return driver.creates.getFirst().getAccessibilityRequirements();
  }

  private static String zones(List<Topology> places) {
    return String.join(
        " ", places.stream().map(place -> place.getSegmentsOrThrow("zone")).toList());
  }
}
