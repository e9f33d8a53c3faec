package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.attachment;
import static io.csi4j.sidecars.attacher.Worlds.meta;
import static io.csi4j.sidecars.attacher.Worlds.node;
import static io.csi4j.sidecars.attacher.Worlds.source;
import static io.csi4j.sidecars.attacher.Worlds.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.attacher.AttachStep.Hold;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** attacher.md 4 and 12: what the driver is asked. */
class PublishRequestsTest {
  private static final DriverTraits ABLE = traits(true, Dialect.CLASSIC);
  private static final DriverTraits PLAIN = traits(false, Dialect.CLASSIC);

  /** Scenarios 8, 10 and 37. */
  @Test
  void given_a_volume_then_the_request_says_all_of_it() {
    var request = publish(ABLE, "", volume(meta("pv-1")), Map.of("user", "admin"));

    assertThat(request.getVolumeId()).isEqualTo("vol-42");
    assertThat(request.getNodeId()).isEqualTo("a.iqn");
    assertThat(request.getVolumeContextMap()).isEqualTo(Map.of("foo", "bar"));
    assertThat(request.getSecretsMap()).isEqualTo(Map.of("user", "admin"));
    assertThat(request.getReadonly()).isFalse();
    assertThat(request.getVolumeCapability().getMount().getMountFlagsList())
        .containsExactly("noatime", "discard");
    assertThat(request.getVolumeCapability().getMount().getVolumeMountGroup()).isEmpty();
  }

  /** Scenarios 3 and 5. */
  @Test
  void given_a_read_only_volume_then_the_driver_hears_of_it_only_if_it_can_do_that() {
    var volume = volume(meta("pv-1"), source("", true), null, "ReadWriteOnce");

    assertThat(publish(ABLE, "", volume, Map.of()).getReadonly()).isTrue();
    assertThat(publish(PLAIN, "", volume, Map.of()).getReadonly()).isFalse();
  }

  /** Scenario 34. */
  @Test
  void given_a_block_volume_then_no_file_system_is_named() {
    var volume = volume(meta("pv-1"), source("ext4", false), "Block", "ReadWriteOnce");

    var capability = publish(ABLE, "ext4", volume, Map.of()).getVolumeCapability();

    assertThat(capability.hasBlock()).isTrue();
    assertThat(capability.getAccessMode().getMode()).isEqualTo(Mode.SINGLE_NODE_WRITER);
  }

  /** Scenarios 35 and 36. */
  @ParameterizedTest
  @CsvSource({"'', '', ''", "'', ext4, ext4", "ext3, ext4, ext3"})
  void given_file_systems_of_volume_and_flag_then_the_volumes_counts_first(
      String own, String fallback, String sent) {
    var volume = volume(meta("pv-1"), source(own, false), null, "ReadWriteMany");

    var capability = publish(ABLE, fallback, volume, Map.of()).getVolumeCapability();

    assertThat(capability.hasMount()).isTrue();
    assertThat(capability.getMount().getFsType()).isEqualTo(sent);
    assertThat(capability.getAccessMode().getMode()).isEqualTo(Mode.MULTI_NODE_MULTI_WRITER);
  }

  /** Scenarios 39 and 40; the whole table is the kit's. */
  @ParameterizedTest
  @CsvSource({
    "ReadWriteMany ReadOnlyMany ReadWriteOnce, CLASSIC, MULTI_NODE_MULTI_WRITER",
    "ReadWriteOnce, CLASSIC, SINGLE_NODE_WRITER",
    "ReadWriteOnce, SINGLE_NODE_MULTI_WRITER, SINGLE_NODE_MULTI_WRITER",
    "ReadWriteOncePod, SINGLE_NODE_MULTI_WRITER, SINGLE_NODE_SINGLE_WRITER"
  })
  void given_access_modes_then_they_are_told_in_the_drivers_dialect(
      String modes, Dialect dialect, Mode sent) {
    var volume = volume(meta("pv-1"), source("", false), null, modes.split(" ", -1));

    var request = publish(traits(true, dialect), "", volume, Map.of());

    assertThat(request.getVolumeCapability().getAccessMode().getMode()).isEqualTo(sent);
  }

  /** Scenario 44. */
  @Test
  void given_a_volume_when_it_is_unpublished_then_handle_node_and_secrets_are_sent() {
    var step = new DetachStep.Unpublish(source("", false), "a.iqn", Hold.PRESENT);

    assertThat(new PublishRequests(ABLE, "").unpublish(step, Map.of("user", "admin")))
        .isEqualTo(
            ControllerUnpublishVolumeRequest.newBuilder()
                .setVolumeId("vol-42")
                .setNodeId("a.iqn")
                .putSecrets("user", "admin")
                .build());
  }

  private static ControllerPublishVolumeRequest publish(
      DriverTraits driver, String fallbackFsType, Volume volume, Map<String, String> secrets) {
    var facts =
        new AttachFacts(driver, attachment(meta("csi-1"), "pv-1", false), volume, node("a.iqn"));
    var step = (AttachStep.Publish) AttachStep.decide(facts);
    return new PublishRequests(driver, fallbackFsType).publish(step, secrets);
  }

  private static DriverTraits traits(boolean readOnly, Dialect dialect) {
    return new DriverTraits(new AttacherNames("disk.example.com"), true, readOnly, false, dialect);
  }
}
