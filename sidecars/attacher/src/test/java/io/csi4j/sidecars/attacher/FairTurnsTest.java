package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** attacher.md 25.5. */
class FairTurnsTest {
  private final Map<ObjectKey, Place> places = new HashMap<>();
  private final PaceMetrics metrics = new PaceMetrics(new Metrics(Instant.EPOCH));
  private final Pace pace = Pace.fixed(12, metrics);
  private final FairTurns turns = new FairTurns(this::place, pace);

  @Test
  void given_a_storm_of_detaches_when_an_attach_comes_then_there_is_room_for_it() {
    arrive(Lane.DETACH, 1000);
    var begun = beginAll();
    assertThat(begun).hasSize(9);

    arrive("new", new Place(Lane.ATTACH, "n1", "v-new"));

    assertThat(beginAll()).containsExactly(ObjectKey.cluster("new"));
  }

  @Test
  void given_both_lanes_full_then_they_take_turns() {
    arrive(Lane.DETACH, 100);
    arrive(Lane.ATTACH, 100);
    var begun = beginAll();
    assertThat(begun).hasSize(12);

    var attaches = begun.stream().filter(key -> place(key).lane() == Lane.ATTACH).count();

    assertThat(attaches).isEqualTo(6);
  }

  @Test
  void given_one_worker_only_then_both_lanes_get_it_in_turn() {
    var narrow = new FairTurns(this::place, Pace.fixed(1, metrics));
    var lanes = new ArrayList<Lane>();
    for (var i = 0; i < 3; i++) {
      for (var lane : Lane.values()) {
        var key = ObjectKey.cluster(lane + "-" + i);
        places.put(key, new Place(lane, "n1", key.name()));
        narrow.add(key);
      }
    }

    for (var key = narrow.next(); key != null; key = narrow.next()) {
      assertThat(narrow.next()).isNull();
      lanes.add(place(key).lane());
      narrow.done(key);
    }

    assertThat(lanes)
        .containsExactly(
            Lane.ATTACH, Lane.DETACH, Lane.ATTACH, Lane.DETACH, Lane.ATTACH, Lane.DETACH);
  }

  @Test
  void given_a_node_with_many_keys_then_it_never_has_all_places_and_others_need_not_wait() {
    for (var i = 0; i < 1000; i++) {
      arrive("greedy-" + i, new Place(Lane.ATTACH, "greedy", "v-" + i));
    }
    var begun = beginAll();
    assertThat(begun).hasSizeBetween(4, 5);

    arrive("other", new Place(Lane.ATTACH, "modest", "v-other"));

    assertThat(beginAll()).containsExactly(ObjectKey.cluster("other"));
  }

  @Test
  void given_many_nodes_then_each_has_one_before_any_has_two() {
    for (var i = 0; i < 9; i++) {
      for (var node = 0; node < 9; node++) {
        arrive("k-%d-%d".formatted(node, i), new Place(Lane.ATTACH, "n" + node, node + "/" + i));
      }
    }

    var nodes = beginAll().stream().map(key -> place(key).node()).toList();

    assertThat(nodes).hasSize(9).doesNotHaveDuplicates();
  }

  @Test
  void given_a_node_whose_calls_hang_then_it_gets_one_place_until_one_succeeds() {
    var time = new ManualTime();
    pace.watch(
        Lane.ATTACH, "bad", time, () -> new Outcome.InDoubt<>(Code.DEADLINE_EXCEEDED, "late"));
    for (var i = 0; i < 10; i++) {
      arrive("bad-" + i, new Place(Lane.ATTACH, "bad", "v-" + i));
    }
    assertThat(beginAll()).hasSize(1);

    pace.watch(Lane.ATTACH, "bad", time, () -> new Outcome.Done<>("well"));

    assertThat(beginAll()).hasSizeGreaterThan(1);
  }

  /** Invariant I15 of kubelet-and-cluster.md, and scenario 95 in its serial form. */
  @Test
  void given_two_attachments_of_a_volume_then_the_second_waits_for_the_first() {
    arrive("old", new Place(Lane.DETACH, "n1", "v"));
    arrive("new", new Place(Lane.ATTACH, "n2", "v"));
    var first = beginAll();
    assertThat(first).hasSize(1);
    assertThat(turns.waiting()).isEqualTo(1);

    turns.done(first.getFirst());

    assertThat(beginAll()).hasSize(1).doesNotContain(first.getFirst());
  }

  @Test
  void given_an_attachment_deleted_while_it_waits_then_it_changes_lanes() {
    arrive(Lane.ATTACH, 1000);
    beginAll();
    var last = ObjectKey.cluster("last");
    arrive(last.name(), new Place(Lane.ATTACH, "own", "v-last"));

    places.put(last, new Place(Lane.DETACH, "own", "v-last"));
    turns.addedAgain(last);

    assertThat(beginAll()).containsExactly(last);
  }

  @Test
  void given_it_is_closed_then_what_has_not_begun_is_left_for_the_next_leader() {
    arrive(Lane.ATTACH, 100);
    var begun = beginAll();

    turns.close();
    begun.forEach(turns::done);

    assertThat(beginAll()).isEmpty();
    assertThat(turns.waiting()).isZero();
  }

  /** As a queue does: a key whose work goes on is not done. */
  private List<ObjectKey> beginAll() {
    var begun = new ArrayList<ObjectKey>();
    while (turns.ready()) {
      begun.add(turns.next());
    }
    assertThat(turns.next()).isNull();
    return begun;
  }

  /** Each on a node and of a volume of its own. */
  private void arrive(Lane lane, int count) {
    for (var i = 0; i < count; i++) {
      var name = lane + "-" + i;
      arrive(name, new Place(lane, "node-" + name, "volume-" + name));
    }
  }

  private void arrive(String name, Place place) {
    places.put(ObjectKey.cluster(name), place);
    turns.add(ObjectKey.cluster(name));
  }

  private Place place(ObjectKey key) {
    return places.getOrDefault(key, new Place(Lane.ATTACH, "", ""));
  }
}
