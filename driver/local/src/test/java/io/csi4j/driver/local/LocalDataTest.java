package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.Capabilities.mount;
import static io.csi4j.driver.local.CsiClient.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is in volumes after snapshots, clones, restores and growth; the matrix of driver.md 14.11:
 * every file system on pools that share extents and on one that does not.
 */
@Timeout(300)
class LocalDataTest {
  private static final long MIB = 1L << 20;

  @RegisterExtension private final DriverOnPool at = DriverOnPool.ofAnyKind();

  private final CsiClient client = at.client();
  private final Path staging = at.staging();

  /** Numbers 1 and 11 of driver.md 13.4: a restored volume has its content and the larger size. */
  @ParameterizedTest(name = "{1} on {0}")
  @CsvSource({
    "dir,ext4",
    "dir,xfs",
    "dir,btrfs",
    "xfs,ext4",
    "xfs,xfs",
    "xfs,btrfs",
    "btrfs,ext4",
    "btrfs,xfs",
    "btrfs,btrfs"
  })
  void given_a_volume_in_use_when_snapshot_and_restored_larger_then_all_is_there(
      String kind, String fsType) throws Exception {
    at.start(kind);
    var size = fsType.equals("ext4") ? 64 * MIB : 320 * MIB;
    var capability = mount(fsType);
    var id = client.create("v1", size, capability).getVolumeId();
    client.stage(id, staging, capability);
    Files.writeString(staging.resolve("file"), "before");

    var snapshot = client.snapshots().create("s1", id);
    Files.writeString(staging.resolve("file"), "after");
    Files.writeString(staging.resolve("more"), "more");
    var restored = client.createFromSnapshot("v2", 3 * size, capability, snapshot.getSnapshotId());
    var again = client.createFromSnapshot("v2", 3 * size, capability, snapshot.getSnapshotId());
    var second = at.newFolder("second");
    client.stage(restored.getVolumeId(), second, capability);

    assertThat(again).isEqualTo(restored);
    assertThat(snapshot.getSizeBytes()).isEqualTo(size);
    assertThat(snapshot.getReadyToUse()).isTrue();
    assertThat(restored.getContentSource().getSnapshot().getSnapshotId())
        .isEqualTo(snapshot.getSnapshotId());
    assertThat(second.resolve("file")).as("both are mounted together").hasContent("before");
    assertThat(second.resolve("more")).doesNotExist();
    assertThat(Files.getFileStore(second).getTotalSpace()).isGreaterThan(2 * size);
    assertThat(client.statistics(restored.getVolumeId(), second).getUsage(0).getTotal())
        .isGreaterThan(2 * size);
    client.unstage(restored.getVolumeId(), second);
    client.unstage(id, staging);
    client.delete(id);
    assertThat(client.snapshots().list(byId(snapshot.getSnapshotId())).getEntriesCount())
        .as("a snapshot outlives its volume")
        .isEqualTo(1);
    client.delete(restored.getVolumeId());
    client.snapshots().delete(snapshot.getSnapshotId());
    at.assertNothingLeft();
  }

  /** The same for a volume without a file system. */
  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs", "btrfs"})
  void given_a_block_volume_in_use_when_restored_larger_and_cloned_then_all_is_there(String kind)
      throws Exception {
    at.start(kind);
    var target = at.place("target");
    var id = client.create("v1", 16 * MIB, block()).getVolumeId();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());
    write(target, 5 * MIB, "before");
    var snapshot = client.snapshots().create("s1", id).getSnapshotId();
    write(target, 5 * MIB, "after!");
    var clone = client.createFromVolume("v2", 16 * MIB, block(), id).getVolumeId();
    write(target, 5 * MIB, "later!");
    client.unpublish(id, target);
    client.unstage(id, staging);
    client.delete(id);
    var restored = client.createFromSnapshot("v3", 48 * MIB, block(), snapshot).getVolumeId();

    client.stage(restored, staging, block());
    client.publish(restored, staging, target, block());
    assertThat(size(target)).isEqualTo(48 * MIB);
    assertThat(read(target, 5 * MIB, 6)).isEqualTo("before");
    client.unpublish(restored, target);
    client.unstage(restored, staging);
    client.stage(clone, staging, block());
    client.publish(clone, staging, target, block());
    assertThat(read(target, 5 * MIB, 6)).isEqualTo("after!");
    client.unpublish(clone, target);
    client.unstage(clone, staging);
    client.delete(clone);
    client.delete(restored);
    client.snapshots().delete(snapshot);
    at.assertNothingLeft();
  }

  /** The limit is the device's, so a writer learns of it at once, and only this one. */
  @ParameterizedTest(name = "{1} on {0}")
  @CsvSource({"dir,ext4", "dir,xfs", "dir,btrfs", "xfs,ext4", "xfs,xfs", "btrfs,ext4", "btrfs,xfs"})
  void given_a_full_volume_when_written_to_then_no_space_is_left(String kind, String fsType)
      throws Exception {
    at.start(kind);
    RealPool.assumeMkfs(fsType);
    var size = fsType.equals("xfs") ? 320 * MIB : 128 * MIB;
    var id = client.create("v1", size, mount(fsType)).getVolumeId();
    client.stage(id, staging, mount(fsType));

    assertThatThrownBy(() -> fill(staging.resolve("file"), 2 * size))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");

    assertThat(Files.size(staging.resolve("file"))).isBetween(size / 4, size);
    assertThat(at.state("volumes").resolve(id).resolve("image")).hasSize(size);
    Files.delete(staging.resolve("file"));
    Files.writeString(staging.resolve("file"), "there is room again");
    client.unstage(id, staging);
    client.delete(id);
    at.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs", "btrfs"})
  void given_a_block_volume_when_written_behind_its_end_then_no_space_is_left(String kind)
      throws Exception {
    at.start(kind);
    var target = at.place("target");
    var id = client.create("v1", 16 * MIB, block()).getVolumeId();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());

    write(target, 16 * MIB - 4, "last");
    assertThatThrownBy(() -> write(target, 16 * MIB, "more"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");

    assertThat(size(target)).isEqualTo(16 * MIB);
    client.unpublish(id, target);
    client.unstage(id, staging);
  }

  @ParameterizedTest(name = "{1} on {0}")
  @CsvSource({"dir,ext4", "xfs,xfs", "btrfs,btrfs"})
  void given_a_clone_of_a_volume_in_use_then_each_goes_its_way(String kind, String fsType)
      throws Exception {
    at.start(kind);
    var size = fsType.equals("ext4") ? 64 * MIB : 320 * MIB;
    var capability = mount(fsType);
    var id = client.create("v1", size, capability).getVolumeId();
    client.stage(id, staging, capability);
    Files.writeString(staging.resolve("file"), "common");

    var clone = client.createFromVolume("v2", size, capability, id).getVolumeId();
    var second = at.newFolder("second");
    client.stage(clone, second, capability);
    Files.writeString(second.resolve("file"), "clone");

    assertThat(staging.resolve("file")).hasContent("common");
    assertThat(second.resolve("file")).hasContent("clone");
    client.unstage(clone, second);
    client.unstage(id, staging);
    client.delete(id);
    client.stage(clone, second, capability);
    assertThat(second.resolve("file")).hasContent("clone");
    client.unstage(clone, second);
    client.delete(clone);
    at.assertNothingLeft();
  }

  /** Numbers 10 and 11 of driver.md 13.4. */
  @ParameterizedTest
  @ValueSource(strings = {"xfs", "btrfs"})
  void given_a_mounted_volume_when_expanded_then_its_user_sees_it(String fsType) throws Exception {
    at.start("dir");
    var id = client.create("v1", 320 * MIB, mount(fsType)).getVolumeId();
    client.stage(id, staging, mount(fsType));

    var answer = client.expand(id, 640 * MIB, 0);
    var onNode = client.expandOnNode(id, staging, 640 * MIB);

    assertThat(answer.getCapacityBytes()).isEqualTo(640 * MIB);
    assertThat(answer.getNodeExpansionRequired()).isTrue();
    assertThat(onNode).isEqualTo(640 * MIB);
    assertThat(Files.getFileStore(staging).getTotalSpace()).isGreaterThan(500 * MIB);
    assertThat(client.expand(id, 320 * MIB, 0).getCapacityBytes()).isEqualTo(640 * MIB);
    assertThat(code(() -> client.expand(id, 0, 320 * MIB))).isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(code(() -> client.expandOnNode(id, Path.of("some/path"), 0)))
        .isEqualTo(Status.Code.NOT_FOUND);
    client.unstage(id, staging);
    client.delete(id);
    at.assertNothingLeft();
  }

  /** Without the right to grow a mounted ext4, its growth waits for the next stage. */
  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_a_mounted_ext4_when_expanded_then_now_or_at_the_next_stage(String kind)
      throws Exception {
    at.start(kind);
    var id = client.create("v1", 64 * MIB, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    Files.writeString(staging.resolve("file"), "content");
    client.expand(id, 256 * MIB, 0);

    assertThat(code(() -> client.expandOnNode(id, staging, 256 * MIB)))
        .isIn(Status.Code.OK, Status.Code.FAILED_PRECONDITION);
    client.unstage(id, staging);
    client.stage(id, staging, ext4());

    assertThat(client.expandOnNode(id, staging, 256 * MIB)).isEqualTo(256 * MIB);
    assertThat(Files.getFileStore(staging).getTotalSpace()).isGreaterThan(200 * MIB);
    assertThat(staging.resolve("file")).hasContent("content");
    client.unstage(id, staging);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_a_block_volume_in_use_when_expanded_then_the_device_is_larger(String kind)
      throws Exception {
    at.start(kind);
    var target = at.place("target");
    var id = client.create("v1", 16 * MIB, block()).getVolumeId();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());

    var answer = client.expand(id, 32 * MIB, 0);

    assertThat(answer.getNodeExpansionRequired()).isFalse();
    assertThat(size(target)).isEqualTo(32 * MIB);
    assertThat(client.statistics(id, target).getUsage(0).getTotal()).isEqualTo(32 * MIB);
    client.unpublish(id, target);
    client.unstage(id, staging);
  }

  private static ListSnapshotsRequest byId(String id) {
    return ListSnapshotsRequest.newBuilder().setSnapshotId(id).build();
  }

  private static void write(Path device, long offset, String text) throws IOException {
    try (var file = FileChannel.open(device, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(text.getBytes(UTF_8)), offset);
      file.force(true);
    }
  }

  private static String read(Path device, long offset, int bytes) throws IOException {
    var buffer = ByteBuffer.allocate(bytes);
    try (var file = FileChannel.open(device, StandardOpenOption.READ)) {
      file.read(buffer, offset);
    }
    return new String(buffer.array(), UTF_8);
  }

  private static void fill(Path path, long bytes) throws IOException {
    var some = ByteBuffer.allocate((int) MIB);
    try (var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (var written = 0L; written < bytes; written += file.write(some.rewind())) {
        file.force(false);
      }
    }
  }

  private static long size(Path device) throws IOException {
    try (var file = FileChannel.open(device, StandardOpenOption.READ)) {
      return file.size();
    }
  }
}
