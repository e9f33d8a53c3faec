package io.csi4j.driver.framework.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.syscall.MountEntry;
import io.csi4j.driver.framework.syscall.MountFlags;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.spi.AccessMode;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.BlockDevices.AttachedDevice;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.DeviceNumber;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.StageData;
import io.csi4j.driver.spi.StageSpec;
import io.csi4j.driver.spi.VolumeCapability;
import io.csi4j.driver.spi.Writing;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of driver.md 7.1. */
class StageStepTest {
  private static final Path STAGING = Path.of("/staging");
  private static final Path ELSEWHERE = Path.of("/elsewhere");
  private static final AttachedDevice LOOP =
      new AttachedDevice(Path.of("/dev/loop3"), new DeviceNumber(7, 3), Writing.READ_WRITE);
  private static final Content EXT4 = new Content.FileSystem("ext4");
  private static final Content RAW = new Content.Raw();

  @Test
  void given_nothing_there_then_attaches_and_mounts() {
    var step = decide(mount("ext4", "noatime"), EXT4, List.of(), List.of(), null);

    assertThat(step)
        .isEqualTo(new StageStep.AttachAndMount(FsType.EXT4, MountFlags.parse(List.of("noatime"))));
  }

  @Test
  void given_no_fs_type_then_takes_the_volumes_own() {
    var step = decide(mount(""), EXT4, List.of(), List.of(), null);

    assertThat(step).isEqualTo(new StageStep.AttachAndMount(FsType.EXT4, MountFlags.NONE));
  }

  @Test
  void given_another_fs_type_then_refuses() {
    var step = decide(mount("xfs"), EXT4, List.of(), List.of(), null);

    assertThat(step)
        .isEqualTo(
            new StageStep.Refuse(Reason.FAILED_PRECONDITION, "volume v1 holds ext4, not xfs"));
  }

  @Test
  void given_staged_by_the_same_call_then_settled() {
    var spec = mount("ext4");

    var step = decide(spec, EXT4, List.of(LOOP), List.of(at(STAGING)), remembered(STAGING, spec));

    assertThat(step).isEqualTo(new StageStep.Staged());
  }

  @Test
  void given_staged_and_nothing_remembered_then_the_mount_is_taken_over() {
    var step = decide(mount("ext4"), EXT4, List.of(LOOP), List.of(at(STAGING)), null);

    assertThat(step).isEqualTo(new StageStep.Staged());
  }

  @Test
  void given_staged_with_other_flags_then_refuses_as_existing() {
    var step =
        decide(
            mount("ext4", "noatime"),
            EXT4,
            List.of(LOOP),
            List.of(at(STAGING)),
            remembered(STAGING, mount("ext4")));

    assertThat(reason(step)).isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void given_staged_at_another_path_then_refuses() {
    var spec = mount("ext4");

    var step =
        decide(spec, EXT4, List.of(LOOP), List.of(at(ELSEWHERE)), remembered(ELSEWHERE, spec));

    assertThat(reason(step)).isEqualTo(Reason.FAILED_PRECONDITION);
  }

  /** After a restart of the node the memory is there and the mount is not. */
  @Test
  void given_remembered_but_not_mounted_then_mounts_again() {
    var spec = mount("ext4");

    var step = decide(spec, EXT4, List.of(), List.of(), remembered(STAGING, spec));

    assertThat(step).isInstanceOf(StageStep.AttachAndMount.class);
  }

  @Test
  void given_another_mount_at_the_path_then_refuses() {
    var foreign = new MountEntry(new DeviceNumber(8, 1), "/", STAGING, "xfs", false);

    var step = decide(mount("ext4"), EXT4, List.of(LOOP), List.of(foreign), null);

    assertThat(reason(step)).isEqualTo(Reason.FAILED_PRECONDITION);
  }

  @Test
  void given_block_use_of_a_file_system_or_the_reverse_then_refuses() {
    assertThat(reason(decide(block(), EXT4, List.of(), List.of(), null)))
        .isEqualTo(Reason.FAILED_PRECONDITION);
    assertThat(reason(decide(mount("ext4"), RAW, List.of(), List.of(), null)))
        .isEqualTo(Reason.FAILED_PRECONDITION);
  }

  @Test
  void given_a_raw_volume_then_its_device_is_attached_once() {
    var spec = block();

    assertThat(decide(spec, RAW, List.of(), List.of(), null))
        .isEqualTo(new StageStep.AttachDevice());
    assertThat(decide(spec, RAW, List.of(), List.of(), remembered(STAGING, spec)))
        .isEqualTo(new StageStep.AttachDevice());
    assertThat(decide(spec, RAW, List.of(LOOP), List.of(), remembered(STAGING, spec)))
        .isEqualTo(new StageStep.Staged());
  }

  private static StageStep decide(
      StageSpec spec,
      Content content,
      List<AttachedDevice> attached,
      List<MountEntry> mounts,
      NodeUsage.@Nullable Staged remembered) {
    return StageStep.decide(
        new StageFacts(spec, STAGING, content, attached, new MountTable(mounts), remembered));
  }

  private static MountEntry at(Path point) {
    return new MountEntry(LOOP.number(), "/", point, "ext4", false);
  }

  private static NodeUsage.Staged remembered(Path path, StageSpec spec) {
    return new NodeUsage.Staged(path, Fingerprint.of(spec));
  }

  private static Reason reason(StageStep step) {
    return ((StageStep.Refuse) step).reason();
  }

  private static StageSpec mount(String fsType, String... flags) {
    return spec(new AccessType.Mount(fsType, List.of(flags)));
  }

  private static StageSpec block() {
    return spec(new AccessType.Block());
  }

  private static StageSpec spec(AccessType type) {
    return new StageSpec(
        "v1",
        STAGING,
        new VolumeCapability(type, AccessMode.SINGLE_NODE_WRITER),
        new StageData(new TreeMap<>(), new TreeMap<>(), Secrets.none()));
  }
}
