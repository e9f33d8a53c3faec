package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.local.CreateStep.CreateFacts;
import io.csi4j.driver.spi.AccessMode;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.TopologyRequirement;
import io.csi4j.driver.spi.VolumeCapability;
import io.csi4j.driver.spi.VolumeSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of driver.md 4.1. */
class CreateStepTest {
  private static final long GIB = 1L << 30;
  private static final Topology HERE = place("node-a");
  private static final VolumeCapability EXT4 = mount("ext4", AccessMode.SINGLE_NODE_WRITER);
  private static final VolumeCapability BLOCK =
      new VolumeCapability(new AccessType.Block(), AccessMode.SINGLE_NODE_WRITER);

  @Test
  void given_no_such_name_then_makes_it() {
    assertThat(decide(new Spec(), null))
        .isEqualTo(new CreateStep.Make(GIB, new Content.FileSystem("ext4")));
  }

  @Test
  void given_no_fs_type_then_ext4() {
    var spec = new Spec().capabilities(mount("", AccessMode.SINGLE_NODE_WRITER));

    assertThat(decide(spec, null))
        .isEqualTo(new CreateStep.Make(GIB, new Content.FileSystem("ext4")));
  }

  @Test
  void given_block_then_raw() {
    assertThat(decide(new Spec().capabilities(BLOCK), null))
        .isEqualTo(new CreateStep.Make(GIB, new Content.Raw()));
  }

  @Test
  void given_block_and_mount_together_then_invalid() {
    assertThat(reason(decide(new Spec().capabilities(EXT4, BLOCK), null)))
        .isEqualTo(Reason.INVALID_ARGUMENT);
  }

  @Test
  void given_an_fs_type_that_is_not_offered_then_invalid() {
    var spec = new Spec().capabilities(mount("ntfs", AccessMode.SINGLE_NODE_WRITER));

    assertThat(reason(decide(spec, null))).isEqualTo(Reason.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @EnumSource(AccessMode.class)
  void given_an_access_mode_then_only_those_of_one_node_are_possible(AccessMode mode) {
    var step = decide(new Spec().capabilities(mount("ext4", mode)), null);

    if (mode.multiNode()) {
      assertThat(reason(step)).isEqualTo(Reason.INVALID_ARGUMENT);
    } else {
      assertThat(step).isInstanceOf(CreateStep.Make.class);
    }
  }

  @Test
  void given_parameters_then_unknown_keys_and_values_are_invalid() {
    assertThat(decide(new Spec().parameter("allocation", "thick"), null))
        .isInstanceOf(CreateStep.Make.class);
    assertThat(reason(decide(new Spec().parameter("allocation", "medium"), null)))
        .isEqualTo(Reason.INVALID_ARGUMENT);
    assertThat(reason(decide(new Spec().parameter("colour", "red"), null)))
        .isEqualTo(Reason.INVALID_ARGUMENT);
  }

  @Test
  void given_a_range_without_a_possible_size_then_out_of_range() {
    assertThat(reason(decide(new Spec().capacity(1L << 50, 0), null)))
        .isEqualTo(Reason.OUT_OF_RANGE);
  }

  @Test
  void given_topology_then_ours_must_be_among_it() {
    assertThat(decide(new Spec().requisite(place("node-b"), HERE), null))
        .isInstanceOf(CreateStep.Make.class);
    assertThat(reason(decide(new Spec().requisite(place("node-b")), null)))
        .isEqualTo(Reason.RESOURCE_EXHAUSTED);
  }

  /** Number 2 of driver.md 13.4: what idempotency has to look at. */
  @Test
  void given_the_same_request_again_then_it_is_the_stored_volume() {
    assertThat(decide(new Spec(), EXISTING)).isEqualTo(new CreateStep.Exists(EXISTING));
    assertThat(decide(new Spec().capacity(0, 2 * GIB), EXISTING))
        .isEqualTo(new CreateStep.Exists(EXISTING));
  }

  @Test
  void given_a_request_that_differs_in_anything_then_already_exists() {
    assertThat(reason(decide(new Spec().capacity(2 * GIB, 0), EXISTING)))
        .isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(reason(decide(new Spec().capacity(0, GIB / 2), EXISTING)))
        .isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(reason(decide(new Spec().capabilities(BLOCK), EXISTING)))
        .isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(reason(decide(new Spec().parameter("allocation", "thick"), EXISTING)))
        .isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(reason(decide(new Spec().requisite(place("node-b")), EXISTING)))
        .isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void given_a_source_then_the_volume_is_as_large_and_holds_the_same() {
    var source = new Origin.Known(2 * GIB, new Content.FileSystem("xfs"));
    var open = new Spec().capabilities(mount("", AccessMode.SINGLE_NODE_WRITER));

    assertThat(decide(open.capacity(0, 0).from("s1"), null, source))
        .isEqualTo(new CreateStep.Make(2 * GIB, new Content.FileSystem("xfs")));
    assertThat(decide(open.capacity(3 * GIB, 0).from("s1"), null, source))
        .isEqualTo(new CreateStep.Make(3 * GIB, new Content.FileSystem("xfs")));
  }

  /** Number 20 of driver.md 13.4: smaller than its source is no bad argument. */
  @Test
  void given_a_source_that_does_not_fit_then_it_says_how() {
    var source = new Origin.Known(2 * GIB, new Content.FileSystem("ext4"));

    assertThat(reason(decide(new Spec().capacity(GIB, 0).from("s1"), null, source)))
        .isEqualTo(Reason.OUT_OF_RANGE);
    assertThat(reason(decide(new Spec().capacity(0, GIB).from("s1"), null, source)))
        .isEqualTo(Reason.OUT_OF_RANGE);
    assertThat(
            reason(
                decide(
                    new Spec().capabilities(BLOCK).capacity(2 * GIB, 0).from("s1"), null, source)))
        .isEqualTo(Reason.INVALID_ARGUMENT);
  }

  /** driver.md 14.8: what another node has is not gone, so the scheduler may try there. */
  @Test
  void given_a_source_that_is_not_here_then_gone_and_elsewhere_are_told_apart() {
    assertThat(reason(decide(new Spec().from("s1"), null, new Origin.Unknown("snapshot s1"))))
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(reason(decide(new Spec().from("s1"), null, new Origin.Elsewhere("snapshot s1"))))
        .isEqualTo(Reason.RESOURCE_EXHAUSTED);
  }

  /** Number 1 of driver.md 13.4: a repeated create from a source finds its volume. */
  @Test
  void given_a_volume_from_a_source_when_asked_again_then_only_the_same_source_will_do() {
    var restored =
        new VolumeRecord(
            "id",
            "v1",
            GIB,
            new Content.FileSystem("ext4"),
            new TreeMap<>(),
            new TreeMap<>(),
            new ContentSource.FromSnapshot("s1"),
            Stage.READY);

    assertThat(decide(new Spec().from("s1"), restored, new Origin.Unknown("snapshot s1")))
        .isEqualTo(new CreateStep.Exists(restored));
    assertThat(reason(decide(new Spec().from("s2"), restored))).isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(reason(decide(new Spec(), restored))).isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void given_mutable_parameters_then_unknown_ones_are_invalid_and_others_compared() {
    assertThat(reason(decide(new Spec().mutable("colour", "red"), null)))
        .isEqualTo(Reason.INVALID_ARGUMENT);
    assertThat(reason(decide(new Spec().mutable("readAheadKiB", "-1"), null)))
        .isEqualTo(Reason.INVALID_ARGUMENT);
    assertThat(decide(new Spec().mutable("readAheadKiB", "512"), null))
        .isInstanceOf(CreateStep.Make.class);
    assertThat(reason(decide(new Spec().mutable("readAheadKiB", "512"), EXISTING)))
        .isEqualTo(Reason.ALREADY_EXISTS);
  }

  private static final VolumeRecord EXISTING =
      new VolumeRecord(
          "id",
          "v1",
          GIB,
          new Content.FileSystem("ext4"),
          new TreeMap<>(),
          new TreeMap<>(),
          new ContentSource.Blank(),
          Stage.READY);

  private static CreateStep decide(Spec spec, @Nullable VolumeRecord existing) {
    return decide(spec, existing, new Origin.None());
  }

  private static CreateStep decide(Spec spec, @Nullable VolumeRecord existing, Origin origin) {
    return CreateStep.decide(new CreateFacts(spec.build(), existing, origin, HERE, 1L << 40));
  }

  private static Reason reason(CreateStep step) {
    return ((CreateStep.Refuse) step).reason();
  }

  private static Topology place(String node) {
    return new Topology(new TreeMap<>(Map.of("topology.local.csi4j.io/node", node)));
  }

  private static VolumeCapability mount(String fsType, AccessMode mode) {
    return new VolumeCapability(new AccessType.Mount(fsType, List.of()), mode);
  }

  /** A request for 1 GiB of ext4, with a difference. */
  private static final class Spec {
    private CapacityRange capacity = new CapacityRange(GIB, 0);
    private List<VolumeCapability> capabilities = List.of(EXT4);
    private final TreeMap<String, String> parameters = new TreeMap<>();
    private final TreeMap<String, String> mutable = new TreeMap<>();
    private List<Topology> requisite = List.of();
    private ContentSource source = new ContentSource.Blank();

    Spec from(String snapshotId) {
      source = new ContentSource.FromSnapshot(snapshotId);
      return this;
    }

    Spec mutable(String key, String value) {
      mutable.put(key, value);
      return this;
    }

    Spec capacity(long required, long limit) {
      capacity = new CapacityRange(required, limit);
      return this;
    }

    Spec capabilities(VolumeCapability... all) {
      capabilities = List.of(all);
      return this;
    }

    Spec parameter(String key, String value) {
      parameters.put(key, value);
      return this;
    }

    Spec requisite(Topology... all) {
      requisite = List.of(all);
      return this;
    }

    VolumeSpec build() {
      return new VolumeSpec(
          "v1",
          capacity,
          capabilities,
          parameters,
          mutable,
          source,
          new TopologyRequirement(requisite, requisite),
          Secrets.none());
    }
  }
}
