package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.Snapshot;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.TopologyRequirement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** docs/adr/0008. */
class PinnedPlaceTest {
  private static final Topology HERE = place("node-a");
  private static final Topology ELSEWHERE = place("node-b");

  @Test
  void given_one_place_left_then_the_answer_does_not_repeat_it() {
    assertThat(told(List.of(HERE), List.of(HERE), List.of(HERE))).isEmpty();
    assertThat(told(List.of(HERE), List.of(HERE), List.of())).isEmpty();
    assertThat(told(List.of(HERE), List.of(), List.of(HERE))).isEmpty();
  }

  @Test
  void given_a_choice_or_no_requirement_then_the_answer_tells_the_place() {
    assertThat(told(List.of(HERE), List.of(), List.of())).containsExactly(HERE);
    assertThat(told(List.of(HERE), List.of(HERE, ELSEWHERE), List.of(HERE))).containsExactly(HERE);
    assertThat(told(List.of(HERE), List.of(HERE), List.of(ELSEWHERE))).containsExactly(HERE);
  }

  @Test
  void given_a_snapshot_of_several_places_then_all_are_told() {
    assertThat(told(List.of(HERE, ELSEWHERE), List.of(HERE, ELSEWHERE), List.of()))
        .containsExactly(HERE, ELSEWHERE);
  }

  @Test
  void given_a_term_that_names_more_than_our_place_then_it_is_told() {
    var narrower =
        new Topology(new TreeMap<>(Map.of("topology.x/node", "node-a", "topology.x/zone", "z")));

    assertThat(told(List.of(HERE), List.of(narrower), List.of())).containsExactly(HERE);
  }

  private static List<Topology> told(
      List<Topology> places, List<Topology> requisite, List<Topology> preferred) {
    var snapshot = new Snapshot("s1", "v1", 4096, Instant.EPOCH, null, places);
    return PinnedPlace.answered(snapshot, new TopologyRequirement(requisite, preferred))
        .accessibleFrom();
  }

  private static Topology place(String node) {
    return new Topology(new TreeMap<>(Map.of("topology.x/node", node)));
  }
}
