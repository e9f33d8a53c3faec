package io.csi4j.driver.framework.mount;

import static io.csi4j.driver.spi.AccessMode.MULTI_NODE_MULTI_WRITER;
import static io.csi4j.driver.spi.AccessMode.SINGLE_NODE_MULTI_WRITER;
import static io.csi4j.driver.spi.AccessMode.SINGLE_NODE_READER_ONLY;
import static io.csi4j.driver.spi.AccessMode.SINGLE_NODE_SINGLE_WRITER;
import static io.csi4j.driver.spi.AccessMode.SINGLE_NODE_WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.mount.PublishFacts.AtTarget;
import io.csi4j.driver.spi.AccessMode;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.StageData;
import io.csi4j.driver.spi.VolumeCapability;
import io.csi4j.driver.spi.Writing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of driver.md 7.2. */
class PublishStepTest {
  private static final Path STAGING = Path.of("/staging");
  private static final Path TARGET = Path.of("/target");
  private static final Path OTHER = Path.of("/other");
  private static final AtTarget FREE = new AtTarget.Free();
  private static final AtTarget OURS = new AtTarget.Ours(false);

  @Test
  void given_staged_then_shows_the_folder() {
    assertThat(decide(spec(SINGLE_NODE_WRITER), FREE, null))
        .isEqualTo(new PublishStep.ShowFolder(Writing.READ_WRITE));
  }

  @Test
  void given_a_flag_or_mode_that_only_reads_then_shows_it_read_only() {
    assertThat(decide(spec(SINGLE_NODE_READER_ONLY), FREE, null))
        .isEqualTo(new PublishStep.ShowFolder(Writing.READ_ONLY));
    assertThat(decide(readOnly(), FREE, null))
        .isEqualTo(new PublishStep.ShowFolder(Writing.READ_ONLY));
  }

  @Test
  void given_a_raw_volume_then_shows_the_device() {
    var spec = spec(SINGLE_NODE_WRITER, new AccessType.Block(), STAGING, Writing.READ_WRITE);

    var step =
        PublishStep.decide(
            new PublishFacts(
                spec, TARGET, new Content.Raw(), true, FREE, null, List.of(), List.of()));

    assertThat(step).isEqualTo(new PublishStep.ShowDevice(Writing.READ_WRITE));
  }

  @Test
  void given_another_access_type_then_invalid() {
    var spec = spec(SINGLE_NODE_WRITER, new AccessType.Block(), STAGING, Writing.READ_WRITE);

    assertThat(reason(decide(spec, FREE, null))).isEqualTo(Reason.INVALID_ARGUMENT);
  }

  @Test
  void given_no_staging_path_or_not_staged_there_then_refuses() {
    var without = spec(SINGLE_NODE_WRITER, ext4(), null, Writing.READ_WRITE);

    assertThat(reason(notStaged(without))).isEqualTo(Reason.FAILED_PRECONDITION);
    assertThat(reason(notStaged(spec(SINGLE_NODE_WRITER)))).isEqualTo(Reason.FAILED_PRECONDITION);
  }

  @ParameterizedTest
  @EnumSource(AccessMode.class)
  void given_same_target_and_same_arguments_then_settled(AccessMode mode) {
    var spec = spec(mode);

    assertThat(decide(spec, OURS, remembered(TARGET, spec))).isEqualTo(new PublishStep.Published());
  }

  @ParameterizedTest
  @EnumSource(AccessMode.class)
  void given_same_target_and_other_arguments_then_exists(AccessMode mode) {
    var before = spec(mode, ext4("noatime"), STAGING, Writing.READ_WRITE);

    assertThat(reason(decide(spec(mode), OURS, remembered(TARGET, before))))
        .isEqualTo(Reason.ALREADY_EXISTS);
  }

  @ParameterizedTest
  @EnumSource(AccessMode.class)
  void given_another_target_then_only_the_single_writer_is_refused(AccessMode mode) {
    var spec = spec(mode);

    var step = decide(spec, FREE, null, remembered(OTHER, spec));

    if (mode == SINGLE_NODE_SINGLE_WRITER) {
      assertThat(reason(step)).isEqualTo(Reason.FAILED_PRECONDITION);
    } else {
      assertThat(step).isInstanceOf(PublishStep.ShowFolder.class);
    }
  }

  @Test
  void given_a_single_writer_elsewhere_then_others_are_refused_too() {
    var step =
        decide(
            spec(SINGLE_NODE_MULTI_WRITER),
            FREE,
            null,
            remembered(OTHER, spec(SINGLE_NODE_SINGLE_WRITER)));

    assertThat(reason(step)).isEqualTo(Reason.FAILED_PRECONDITION);
  }

  @Test
  void given_a_mount_that_nobody_remembers_then_it_is_taken_over_unless_it_lets_write() {
    assertThat(decide(spec(SINGLE_NODE_WRITER), OURS, null)).isEqualTo(new PublishStep.Published());
    assertThat(decide(readOnly(), new AtTarget.Ours(true), null))
        .isEqualTo(new PublishStep.Published());
    assertThat(reason(decide(readOnly(), OURS, null))).isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void given_another_mount_at_the_target_then_refuses() {
    assertThat(reason(decide(spec(SINGLE_NODE_WRITER), new AtTarget.Foreign(), null)))
        .isEqualTo(Reason.FAILED_PRECONDITION);
  }

  /** Kubelet renews tokens between two equal calls; driver.md 11. */
  @Test
  void given_only_other_tokens_then_the_calls_are_equal() {
    var early = withContext("csi.storage.k8s.io/serviceAccount.tokens", "one");
    var late = withContext("csi.storage.k8s.io/serviceAccount.tokens", "two");
    var different = withContext("csi.storage.k8s.io/pod.name", "two");

    assertThat(Fingerprint.of(early)).isEqualTo(Fingerprint.of(late));
    assertThat(Fingerprint.of(early)).isNotEqualTo(Fingerprint.of(different));
  }

  private static PublishStep decide(
      PublishSpec spec,
      AtTarget atTarget,
      NodeUsage.@Nullable Target remembered,
      NodeUsage.Target... others) {
    return PublishStep.decide(
        new PublishFacts(
            spec,
            TARGET,
            new Content.FileSystem("ext4"),
            true,
            atTarget,
            remembered,
            List.of(others),
            List.of()));
  }

  private static PublishStep notStaged(PublishSpec spec) {
    return PublishStep.decide(
        new PublishFacts(
            spec, TARGET, new Content.FileSystem("ext4"), false, FREE, null, List.of(), List.of()));
  }

  private static NodeUsage.Target remembered(Path path, PublishSpec spec) {
    return new NodeUsage.Target("v1", path, spec.capability().mode(), Fingerprint.of(spec));
  }

  private static Reason reason(PublishStep step) {
    return ((PublishStep.Refuse) step).reason();
  }

  private static PublishSpec readOnly() {
    return spec(SINGLE_NODE_WRITER, ext4(), STAGING, Writing.READ_ONLY);
  }

  private static PublishSpec spec(AccessMode mode) {
    return spec(mode, ext4(), STAGING, Writing.READ_WRITE);
  }

  private static PublishSpec withContext(String key, String value) {
    return new PublishSpec(
        "v1",
        TARGET,
        STAGING,
        new VolumeCapability(ext4(), MULTI_NODE_MULTI_WRITER),
        Writing.READ_WRITE,
        new StageData(new TreeMap<>(), new TreeMap<>(Map.of(key, value)), Secrets.none()));
  }

  private static PublishSpec spec(
      AccessMode mode, AccessType type, @Nullable Path staging, Writing writing) {
    return new PublishSpec(
        "v1",
        TARGET,
        staging,
        new VolumeCapability(type, mode),
        writing,
        new StageData(new TreeMap<>(), new TreeMap<>(), Secrets.none()));
  }

  private static AccessType ext4(String... flags) {
    return new AccessType.Mount("ext4", List.of(flags));
  }
}
