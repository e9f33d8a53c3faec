package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.GroupSnapshots.GroupSpec;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.SnapshotSpec;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.TopologyRequirement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tables of driver.md 4.8 and 5. */
class SnapshotStepTest {
  private static final Topology HERE = place("node-a");
  private static final VolumeRecord VOLUME =
      new VolumeRecord(
          "v1",
          "name",
          4096,
          new Content.Raw(),
          new TreeMap<>(),
          new TreeMap<>(),
          new ContentSource.Blank(),
          Stage.READY);
  private static final SnapshotRecord SNAPSHOT =
      SnapshotRecord.beingMade("id", "s1", VOLUME, Instant.EPOCH).in(Stage.READY);
  private static final GroupRecord GROUP =
      new GroupRecord(
          "id", "g1", new TreeSet<>(List.of("v1")), new TreeMap<>(), Instant.EPOCH, Stage.READY);

  @Test
  void given_a_name_that_is_free_then_cuts_the_volume() {
    assertThat(decide("v1", null, VOLUME, HERE)).isEqualTo(new SnapshotStep.Cut(VOLUME));
    assertThat(reason(decide("v1", null, null, HERE))).isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void given_the_name_taken_then_only_the_same_source_will_do_even_when_it_is_gone() {
    assertThat(decide("v1", SNAPSHOT, null, HERE)).isEqualTo(new SnapshotStep.Exists(SNAPSHOT));
    assertThat(reason(decide("v2", SNAPSHOT, VOLUME, HERE))).isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void given_another_place_then_exhausted_here() {
    assertThat(reason(decide("v1", null, VOLUME, place("node-b"))))
        .isEqualTo(Reason.RESOURCE_EXHAUSTED);
  }

  @Test
  void given_a_group_again_then_the_order_of_its_volumes_does_not_matter_and_their_set_does() {
    assertThat(decide(GROUP, Map.of(), "v1")).isEqualTo(new GroupStep.Exists(GROUP));
    assertThat(reason(decide(GROUP, Map.of(), "v1", "v2"))).isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(reason(decide(GROUP, Map.of("consistency", "volume"), "v1")))
        .isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void given_a_new_group_then_all_its_volumes_must_be_there() {
    assertThat(decide(null, Map.of(), "v1"))
        .isEqualTo(new GroupStep.Cut(List.of(VOLUME), Standstill.RawInUse.REFUSE));
    assertThat(decide(null, Map.of("consistency", "volume"), "v1"))
        .isEqualTo(new GroupStep.Cut(List.of(VOLUME), Standstill.RawInUse.CUT_ANYHOW));
    assertThat(reason(decide(null, Map.of(), "v1", "v2"))).isEqualTo(Reason.NOT_FOUND);
    assertThat(reason(decide(null, Map.of("colour", "red"), "v1")))
        .isEqualTo(Reason.INVALID_ARGUMENT);
  }

  private static SnapshotStep decide(
      String sourceId,
      @Nullable SnapshotRecord existing,
      @Nullable VolumeRecord source,
      Topology wanted) {
    var spec =
        new SnapshotSpec(
            "s1",
            sourceId,
            new TreeMap<>(),
            new TopologyRequirement(List.of(wanted), List.of()),
            Secrets.none());
    return SnapshotStep.decide(new SnapshotStep.SnapshotFacts(spec, existing, source, HERE));
  }

  private static GroupStep decide(
      @Nullable GroupRecord existing, Map<String, String> parameters, String... sources) {
    var spec =
        new GroupSpec(
            "g1", new TreeSet<>(List.of(sources)), new TreeMap<>(parameters), Secrets.none());
    return GroupStep.decide(new GroupStep.GroupFacts(spec, existing, List.of(VOLUME)));
  }

  private static Reason reason(SnapshotStep step) {
    return ((SnapshotStep.Refuse) step).reason();
  }

  private static Reason reason(GroupStep step) {
    return ((GroupStep.Refuse) step).reason();
  }

  private static Topology place(String node) {
    return new Topology(new TreeMap<>(Map.of("topology.local.csi4j.io/node", node)));
  }
}
