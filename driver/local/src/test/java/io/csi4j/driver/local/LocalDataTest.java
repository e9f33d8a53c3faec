package io.csi4j.driver.local;

import static io.csi4j.driver.local.CsiClient.block;
import static io.csi4j.driver.local.CsiClient.code;
import static io.csi4j.driver.local.CsiClient.ext4;
import static io.csi4j.driver.local.CsiClient.mount;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.BlockMetadata;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.Snapshot;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is in volumes after snapshots, clones, restores and growth; the matrix of driver.md 14.11:
 * every file system on pools that share extents and on one that does not.
 */
@Timeout(300)
@SuppressWarnings("NullAway.Init") // each test calls start first, which sets the fields
class LocalDataTest {
  private static final long MIB = 1L << 20;
  private static final int BLOCK = 4096;

  @TempDir private Path folder;
  private RealDevices machine;
  private RealPool pool;
  private LocalDriver driver;
  private CsiClient client;
  private Path staging;

  /** Before each, but with the pool that the test asks for. */
  private void start(String kind) throws Exception {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    machine = RealDevices.below(folder);
    pool = RealPool.make(folder, kind);
    staging = Files.createDirectory(folder.resolve("staging"));
    restart();
  }

  private void restart() throws IOException {
    driver =
        LocalDriver.start(
            LocalDriverOptions.of("node-a")
                .withEndpoint(folder.resolve("csi.sock").toString())
                .withStateDir(pool.folder().resolve("state"))
                .withFeatures(EnumSet.allOf(Feature.class)));
    client = new CsiClient(folder.resolve("csi.sock"));
  }

  @AfterEach
  void stop() {
    if (driver != null) {
      client.close();
      driver.close();
    }
    if (machine != null) {
      machine.loseMounts(pool.folder());
      pool.close();
      machine.close();
    }
  }

  /** Numbers 1 and 11 of driver.md 13.4: a restored volume has its content and the larger size. */
  @ParameterizedTest(name = "{1} on {0}")
  @CsvSource({
    "dir,ext4",
    "dir,xfs",
    "dir,btrfs",
    "xfs,ext4",
    "xfs,xfs",
    "btrfs,btrfs",
    "btrfs,ext4"
  })
  void given_a_volume_in_use_when_snapshot_and_restored_larger_then_all_is_there(
      String kind, String fsType) throws Exception {
    start(kind);
    var size = fsType.equals("ext4") ? 64 * MIB : 320 * MIB;
    var capability = mount(fsType);
    var id = client.create("v1", size, capability).getVolumeId();
    client.stage(id, staging, capability);
    Files.writeString(staging.resolve("file"), "before");

    var snapshot = client.snapshot("s1", id);
    Files.writeString(staging.resolve("file"), "after");
    Files.writeString(staging.resolve("more"), "more");
    var restored = client.createFromSnapshot("v2", 3 * size, capability, snapshot.getSnapshotId());
    var again = client.createFromSnapshot("v2", 3 * size, capability, snapshot.getSnapshotId());
    var second = Files.createDirectory(folder.resolve("second"));
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
    assertThat(client.snapshots(byId(snapshot.getSnapshotId())).getEntriesCount())
        .as("a snapshot outlives its volume")
        .isEqualTo(1);
    client.delete(restored.getVolumeId());
    client.deleteSnapshot(snapshot.getSnapshotId());
    assertNothingLeft();
  }

  @ParameterizedTest(name = "{1} on {0}")
  @CsvSource({"dir,ext4", "xfs,xfs", "btrfs,btrfs"})
  void given_a_clone_of_a_volume_in_use_then_each_goes_its_way(String kind, String fsType)
      throws Exception {
    start(kind);
    var size = fsType.equals("ext4") ? 64 * MIB : 320 * MIB;
    var capability = mount(fsType);
    var id = client.create("v1", size, capability).getVolumeId();
    client.stage(id, staging, capability);
    Files.writeString(staging.resolve("file"), "common");

    var clone = client.createFromVolume("v2", size, capability, id).getVolumeId();
    var second = Files.createDirectory(folder.resolve("second"));
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
    assertNothingLeft();
  }

  /** Under a writer that never stops, what the snapshot holds is a sound file system. */
  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs"})
  void given_a_continuous_writer_when_snapshot_then_it_is_clean(String kind) throws Exception {
    start(kind);
    var id = client.create("v1", 64 * MIB, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    var writing = new AtomicBoolean(true);
    var writer = Thread.ofPlatform().start(() -> writeUntil(writing));

    for (var n = 0; n < 5; n++) {
      var snapshot = client.snapshot("s" + n, id).getSnapshotId();
      var image = pool.folder().resolve("state/snapshots").resolve(snapshot).resolve("image");
      var copy = folder.resolve("copy");
      RealPool.run("cp", "--sparse=always", image.toString(), copy.toString());
      RealPool.run("e2fsck", "-f", "-n", copy.toString());
      client.deleteSnapshot(snapshot);
    }

    writing.set(false);
    writer.join();
    client.unstage(id, staging);
  }

  /**
   * Number 13 of driver.md 13.4: who is asked for in another order keeps his own snapshot.
   *
   * <p>One writer counts in two volumes, first in the one, then in the other: whatever the moment
   * of a cut, the first is the same or one ahead.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs"})
  void given_volumes_written_in_order_when_cut_as_a_group_then_the_order_holds(String kind)
      throws Exception {
    start(kind);
    var second = Files.createDirectory(folder.resolve("second"));
    var ids =
        List.of(
            client.create("v1", 16 * MIB, ext4()).getVolumeId(),
            client.create("v2", 16 * MIB, ext4()).getVolumeId());
    client.stage(ids.get(0), staging, ext4());
    client.stage(ids.get(1), second, ext4());
    var writing = new AtomicBoolean(true);
    var writer = Thread.ofPlatform().start(() -> count(writing, staging, second));

    for (var n = 0; n < 3; n++) {
      var group = client.group("g" + n, ids, Map.of());
      assertThat(client.group("g" + n, ids.reversed(), Map.of())).isEqualTo(group);
      assertThat(group.getSnapshotsList())
          .allMatch(member -> member.getGroupSnapshotId().equals(group.getGroupSnapshotId()));
      var first = counted(group.getSnapshotsList(), ids.get(0));
      var then = counted(group.getSnapshotsList(), ids.get(1));
      assertThat(first - then).isBetween(0L, 1L);
      var member = group.getSnapshots(0).getSnapshotId();
      assertThat(code(() -> client.deleteSnapshot(member))).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(code(() -> client.deleteGroup(group.getGroupSnapshotId(), List.of(member))))
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      client.deleteGroup(group.getGroupSnapshotId(), List.of());
    }

    writing.set(false);
    writer.join();
    client.unstage(ids.get(0), staging);
    client.unstage(ids.get(1), second);
    ids.forEach(client::delete);
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_a_block_volume_in_use_when_cut_with_others_then_only_by_itself(String kind)
      throws Exception {
    start(kind);
    var id = client.create("v1", 16 * MIB, block()).getVolumeId();
    client.stage(id, staging, block());

    assertThat(code(() -> client.group("g1", List.of(id), Map.of())))
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(client.snapshots(byId("")).getEntriesCount()).isZero();
    assertThat(client.group("g1", List.of(id), Map.of("consistency", "volume")).getReadyToUse())
        .isTrue();
    assertThat(code(() -> client.group("g2", List.of(id, "no-such"), Map.of())))
        .isEqualTo(Status.Code.NOT_FOUND);
    client.unstage(id, staging);
  }

  /** Numbers 10 and 11 of driver.md 13.4. */
  @ParameterizedTest
  @ValueSource(strings = {"xfs", "btrfs"})
  void given_a_mounted_volume_when_expanded_then_its_user_sees_it(String fsType) throws Exception {
    start("dir");
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
    assertNothingLeft();
  }

  /** Without the right to grow a mounted ext4, its growth waits for the next stage. */
  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_a_mounted_ext4_when_expanded_then_now_or_at_the_next_stage(String kind)
      throws Exception {
    start(kind);
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
    start(kind);
    var target = folder.resolve("target");
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

  /** driver.md 14.7: what is told to have changed is what has, byte by byte. */
  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs", "btrfs"})
  void given_two_snapshots_then_the_delta_is_what_a_comparison_finds(String kind) throws Exception {
    start(kind);
    var target = folder.resolve("target");
    var size = 32 * MIB;
    var id = client.create("v1", size, block()).getVolumeId();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());
    var random = new Random(1);
    writeRandomly(target, random, 200, size);
    var base = client.snapshot("s1", id).getSnapshotId();
    writeRandomly(target, random, 50, size);
    client.expand(id, 2 * size, 0);
    writeRandomly(target, random, 50, 2 * size);
    var next = client.snapshot("s2", id).getSnapshotId();

    var told = blocks(client.changed(base, next, 0));
    var differing = compare(image(base), image(next), 2 * size);

    assertThat(told).containsAll(differing);
    assertThat(told.size()).as("not much for nothing").isLessThan(differing.size() * 2 + 64);
    var middle = size + 100;
    assertThat(blocks(client.changed(base, next, middle)))
        .isEqualTo(told.stream().filter(block -> (block + 1) * BLOCK > middle).toList());
    assertThat(blocks(client.allocated(next, 0))).containsAll(told);
    assertThat(code(() -> client.changed(base, next, 2 * size + 1)))
        .isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(code(() -> client.changed(next, base, 0))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(client.changed(base, next, 2 * size)).isEmpty();
    client.unpublish(id, target);
    client.unstage(id, staging);
  }

  /** A driver that was killed while a volume stood still must not leave its pods hanging. */
  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_a_frozen_volume_when_started_then_it_is_thawed(String kind) throws Exception {
    start(kind);
    var id = client.create("v1", 16 * MIB, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    client.close();
    driver.close();
    RealPool.run("fsfreeze", "--freeze", staging.toString());

    restart();

    Files.writeString(staging.resolve("file"), "content");
    client.unstage(id, staging);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_mutable_parameters_then_they_act_on_the_device(String kind) throws Exception {
    start(kind);
    var id = client.create("v1", 16 * MIB, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    var queue = queue(staging);

    assertThat(queue.resolveSibling("loop/dio")).hasContent("1");
    client.modify(id, Map.of("readAheadKiB", "512", "directIo", "off"));

    assertThat(queue.resolve("read_ahead_kb")).hasContent("512");
    assertThat(queue.resolveSibling("loop/dio")).hasContent("0");
    assertThat(code(() -> client.modify(id, Map.of("readAheadKiB", "64", "colour", "red"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(queue.resolve("read_ahead_kb")).as("all or nothing").hasContent("512");
    client.unstage(id, staging);
    client.stage(id, staging, ext4());
    assertThat(queue(staging).resolve("read_ahead_kb")).hasContent("512");
    assertThat(queue(staging).resolveSibling("loop/dio")).hasContent("0");
    client.modify(id, Map.of("directIo", "on"));
    assertThat(queue(staging).resolveSibling("loop/dio")).hasContent("1");
    assertThat(queue(staging).resolve("read_ahead_kb")).as("other keys stay").hasContent("512");
    client.unstage(id, staging);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir"})
  void given_an_image_that_is_gone_or_short_then_the_volume_is_not_well(String kind)
      throws Exception {
    start(kind);
    var id = client.create("v1", 16 * MIB, ext4()).getVolumeId();
    assertThat(client.health(id)).isEmpty();
    var image = pool.folder().resolve("state/volumes").resolve(id).resolve("image");

    try (var file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.truncate(MIB);
    }
    assertThat(client.health(id).getFirst().getReason()).isEqualTo("ImageTooShort");
    Files.delete(image);
    assertThat(client.health(id).getFirst().getReason()).isEqualTo("ImageMissing");
    assertThat(code(() -> client.health("no-such"))).isEqualTo(Status.Code.NOT_FOUND);
  }

  /** driver.md 4.7: room falls with every volume, and what there is none for is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"xfs"})
  void given_a_pool_when_it_fills_then_capacity_falls_and_too_much_is_refused(String kind)
      throws Exception {
    start(kind);
    var thick = Map.of("allocation", "thick");
    var before = client.capacity(thick).getAvailableCapacity();
    var thinBefore = client.capacity(Map.of()).getAvailableCapacity();

    client.create(thick("v1", 512 * MIB));
    client.create("v2", 256 * MIB, ext4());

    assertThat(before - client.capacity(thick).getAvailableCapacity())
        .isBetween(512 * MIB, 600 * MIB);
    assertThat(thinBefore - client.capacity(Map.of()).getAvailableCapacity()).isEqualTo(256 * MIB);
    assertThat(code(() -> client.create(thick("v3", 8192 * MIB))))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(code(() -> client.create("v4", 100L << 30, ext4())))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(code(() -> client.capacity(Map.of("colour", "red"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static CreateVolumeRequest thick(String name, long bytes) {
    var request =
        CreateVolumeRequest.newBuilder()
            .setName(name)
            .addVolumeCapabilities(ext4())
            .putParameters("allocation", "thick");
    request.getCapacityRangeBuilder().setRequiredBytes(bytes);
    return request.build();
  }

  private static ListSnapshotsRequest byId(String id) {
    return ListSnapshotsRequest.newBuilder().setSnapshotId(id).build();
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
    var place = Files.createDirectory(folder.resolve("copy-" + snapshot));
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

  private static void writeRandomly(Path device, Random random, int times, long size)
      throws IOException {
    var bytes = new byte[2 * BLOCK];
    try (var file = FileChannel.open(device, StandardOpenOption.WRITE)) {
      for (var n = 0; n < times; n++) {
        random.nextBytes(bytes);
        file.write(ByteBuffer.wrap(bytes), random.nextLong(size / BLOCK - 2) * BLOCK);
      }
      file.force(true);
    }
  }

  private byte[] image(String snapshot) throws IOException {
    return Files.readAllBytes(
        pool.folder().resolve("state/snapshots").resolve(snapshot).resolve("image"));
  }

  private static List<Long> compare(byte[] base, byte[] target, long size) {
    var from = Arrays.copyOf(base, (int) size);
    var to = Arrays.copyOf(target, (int) size);
    var found = new ArrayList<Long>();
    for (var at = 0; at < size; at += BLOCK) {
      if (!Arrays.equals(from, at, at + BLOCK, to, at, at + BLOCK)) {
        found.add((long) at / BLOCK);
      }
    }
    return found;
  }

  private static List<Long> blocks(List<BlockMetadata> entries) {
    assertThat(entries).allMatch(entry -> entry.getSizeBytes() == BLOCK);
    return entries.stream().map(entry -> entry.getByteOffset() / BLOCK).toList();
  }

  private static Path queue(Path mounted) throws Exception {
    var device = RealPool.run("findmnt", "-n", "-o", "SOURCE", mounted.toString()).strip();
    return Path.of("/sys/block").resolve(Path.of(device).getFileName()).resolve("queue");
  }

  private static long size(Path device) throws IOException {
    try (var file = FileChannel.open(device, StandardOpenOption.READ)) {
      return file.size();
    }
  }

  private void assertNothingLeft() {
    machine.assertNothingLeftBut(pool.folder());
    assertThat(pool.folder().resolve("state/volumes")).isEmptyDirectory();
    assertThat(pool.folder().resolve("state/snapshots")).isEmptyDirectory();
  }
}
