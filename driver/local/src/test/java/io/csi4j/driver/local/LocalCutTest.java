package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.Capabilities.mount;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.Snapshot;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Snapshots of volumes in use, one and several at once, and what stands still for them; driver.md
 * 14.6.
 */
@Timeout(300)
class LocalCutTest {
  private static final long MIB = 1L << 20;

  @RegisterExtension private final DriverOnPool at = DriverOnPool.ofAnyKind();

  private final CsiClient client = at.client();
  private final Path staging = at.staging();

  /** Under a writer that never stops, what the snapshot holds is a sound file system. */
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
  void given_a_continuous_writer_when_snapshot_then_it_can_be_mounted_and_is_clean(
      String kind, String fsType) throws Exception {
    at.start(kind);
    RealPool.assumeMkfs(fsType);
    var size = fsType.equals("xfs") ? 320 * MIB : 128 * MIB;
    var capability = mount(fsType);
    var id = client.create(asImage("v1", size, capability)).getVolumeId();
    client.stage(id, staging, capability);
    var writing = new AtomicBoolean(true);
    var writer = Thread.ofPlatform().start(() -> writeUntil(writing));
    var second = at.newFolder("second");

    for (var n = 0; n < 3; n++) {
      var snapshot = client.snapshots().create("s" + n, id).getSnapshotId();
      // xfs keeps something in its log also when frozen, and its checker wants a mount first.
      if (!fsType.equals("xfs")) {
        assertSound(fsType, at.state("snapshots").resolve(snapshot).resolve("image"));
      }
      var restored = client.createFromSnapshot("r" + n, size, capability, snapshot).getVolumeId();
      client.stage(restored, second, capability);
      Files.writeString(second.resolve("mounted"), "and can be written");
      client.unstage(restored, second);
      assertSound(fsType, at.state("volumes").resolve(restored).resolve("image"));
      client.delete(restored);
      client.snapshots().delete(snapshot);
    }

    assertThat(writer.isAlive()).as("the writer has gone on all the time").isTrue();
    writing.set(false);
    writer.join();
    client.unstage(id, staging);
    client.delete(id);
    at.assertNothingLeft();
  }

  /** A subvolume cannot stand still; its snapshot is one moment of the pool's own journal. */
  @Test
  void given_a_continuous_writer_in_a_subvolume_when_snapshot_then_it_can_be_mounted()
      throws Exception {
    at.start("btrfs");
    var id = client.create("v1", 64 * MIB, mount("btrfs")).getVolumeId();
    client.stage(id, staging, mount("btrfs"));
    var writing = new AtomicBoolean(true);
    var writer = Thread.ofPlatform().start(() -> writeUntil(writing));
    await().until(() -> Files.exists(staging.resolve("file9")));

    var snapshot = client.snapshots().create("s1", id).getSnapshotId();
    var restored =
        client.createFromSnapshot("r1", 64 * MIB, mount("btrfs"), snapshot).getVolumeId();
    var second = at.newFolder("second");
    client.stage(restored, second, mount("btrfs"));

    assertThat(second).isNotEmptyDirectory();
    assertThat(writer.isAlive()).isTrue();
    writing.set(false);
    writer.join();
    client.unstage(restored, second);
    client.unstage(id, staging);
  }

  /**
   * Number 13 of driver.md 13.4: who is asked for in another order keeps his own snapshot.
   *
   * <p>One writer counts in two volumes, first in the one, then in the other: whatever the moment
   * of a cut, the first is the same or one ahead.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs", "btrfs"})
  void given_volumes_written_in_order_when_cut_as_a_group_then_the_order_holds(String kind)
      throws Exception {
    at.start(kind);
    var second = at.newFolder("second");
    var ids =
        List.of(
            client.create("v1", 16 * MIB, ext4()).getVolumeId(),
            client.create("v2", 16 * MIB, ext4()).getVolumeId());
    client.stage(ids.get(0), staging, ext4());
    client.stage(ids.get(1), second, ext4());
    var writing = new AtomicBoolean(true);
    var writer = Thread.ofPlatform().start(() -> count(writing, staging, second));

    for (var n = 0; n < 3; n++) {
      var group = client.snapshots().group("g" + n, ids, Map.of());
      assertThat(client.snapshots().group("g" + n, ids.reversed(), Map.of())).isEqualTo(group);
      assertThat(group.getSnapshotsList())
          .allMatch(member -> member.getGroupSnapshotId().equals(group.getGroupSnapshotId()));
      var first = counted(group.getSnapshotsList(), ids.get(0));
      var then = counted(group.getSnapshotsList(), ids.get(1));
      assertThat(first - then).isBetween(0L, 1L);
      var member = group.getSnapshots(0).getSnapshotId();
      assertThat(code(() -> client.snapshots().delete(member)))
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(
              code(
                  () ->
                      client.snapshots().deleteGroup(group.getGroupSnapshotId(), List.of(member))))
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      client.snapshots().deleteGroup(group.getGroupSnapshotId(), List.of());
    }

    writing.set(false);
    writer.join();
    client.unstage(ids.get(0), staging);
    client.unstage(ids.get(1), second);
    ids.forEach(client::delete);
    at.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_a_block_volume_in_use_when_cut_with_others_then_only_by_itself(String kind)
      throws Exception {
    at.start(kind);
    var id = client.create("v1", 16 * MIB, block()).getVolumeId();
    client.stage(id, staging, block());

    assertThat(code(() -> client.snapshots().group("g1", List.of(id), Map.of())))
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(client.snapshots().list(byId("")).getEntriesCount()).isZero();
    assertThat(
            client
                .snapshots()
                .group("g1", List.of(id), Map.of("consistency", "volume"))
                .getReadyToUse())
        .isTrue();
    assertThat(code(() -> client.snapshots().group("g2", List.of(id, "no-such"), Map.of())))
        .isEqualTo(Status.Code.NOT_FOUND);
    client.unstage(id, staging);
  }

  /** A driver that was killed while a volume stood still must not leave its pods hanging. */
  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_a_frozen_volume_when_started_then_it_is_thawed(String kind) throws Exception {
    at.start(kind);
    var id = client.create("v1", 16 * MIB, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    at.stop();
    RealPool.run("fsfreeze", "--freeze", staging.toString());

    at.startAgain();

    Files.writeString(staging.resolve("file"), "content");
    client.unstage(id, staging);
  }

  private static ListSnapshotsRequest byId(String id) {
    return ListSnapshotsRequest.newBuilder().setSnapshotId(id).build();
  }

  /** Also where the pool could make a subvolume of it, which cannot stand still. */
  private static CreateVolumeRequest asImage(String name, long bytes, VolumeCapability capability) {
    var request =
        CreateVolumeRequest.newBuilder()
            .setName(name)
            .addVolumeCapabilities(capability)
            .putParameters("backend", "image");
    request.getCapacityRangeBuilder().setRequiredBytes(bytes);
    return request.build();
  }

  /** By the file system's own checker, which only reads. */
  private static void assertSound(String fsType, Path image) throws Exception {
    switch (fsType) {
      case "ext4" -> RealPool.run("e2fsck", "-f", "-n", image.toString());
      case "xfs" -> RealPool.run("xfs_repair", "-n", "-f", image.toString());
      case "btrfs" -> RealPool.run("btrfs", "check", "--readonly", image.toString());
      default -> throw new IllegalArgumentException(fsType);
    }
  }

  private void writeUntil(AtomicBoolean writing) {
    var random = new Random(2);
    var bytes = new byte[64 * 1024];
    for (var n = 0; writing.get(); n++) {
      random.nextBytes(bytes);
      try {
        Files.write(staging.resolve("file" + n % 50), bytes);
        Files.deleteIfExists(staging.resolve("file" + (n + 25) % 50));
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private static void count(AtomicBoolean writing, Path first, Path second) {
    try (var one = open(first.resolve("counter"));
        var two = open(second.resolve("counter"))) {
      for (var n = 1L; writing.get(); n++) {
        for (var file : List.of(one, two)) {
          file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, n), 0);
          file.force(false);
        }
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private long counted(List<Snapshot> members, String volumeId) throws Exception {
    var snapshot =
        members.stream()
            .filter(member -> member.getSourceVolumeId().equals(volumeId))
            .findFirst()
            .orElseThrow()
            .getSnapshotId();
    var copy = client.createFromSnapshot("copy-" + snapshot, 16 * MIB, ext4(), snapshot);
    var place = at.newFolder("copy-" + snapshot);
    client.stage(copy.getVolumeId(), place, ext4());
    var counter = place.resolve("counter");
    var bytes = Files.exists(counter) ? Files.readAllBytes(counter) : new byte[0];
    client.unstage(copy.getVolumeId(), place);
    client.delete(copy.getVolumeId());
    return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
