package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.BlockMetadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has changed between two snapshots; driver.md 14.7. */
@Timeout(300)
class LocalBlockMapTest {
  private static final long MIB = 1L << 20;
  private static final int BLOCK = 4096;

  @RegisterExtension private final DriverOnPool at = DriverOnPool.ofAnyKind();

  private final CsiClient client = at.client();
  private final Path staging = at.staging();

  /** What is told to have changed is what has, byte by byte: written, discarded, grown. */
  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs", "btrfs"})
  void given_two_snapshots_then_the_delta_is_what_a_comparison_finds(String kind) throws Exception {
    at.start(kind);
    var target = at.place("target");
    var size = 32 * MIB;
    var id = client.create("v1", size, block()).getVolumeId();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());
    var random = new Random(1);
    writeRandomly(target, random, 200, size);
    var base = client.snapshots().create("s1", id).getSnapshotId();
    writeRandomly(target, random, 50, size);
    discardRandomly(target, random, 50, size);
    client.expand(id, 2 * size, 0);
    writeRandomly(target, random, 50, 2 * size);
    discardRandomly(target, random, 10, 2 * size);
    var next = client.snapshots().create("s2", id).getSnapshotId();

    var told = blocks(client.snapshots().changed(base, next, 0));
    var differing = compare(image(base), image(next), 2 * size);

    assertThat(told).containsAll(differing);
    assertThat(told.size()).as("not much for nothing").isLessThan(differing.size() * 2 + 64);
    var middle = size + 100;
    assertThat(blocks(client.snapshots().changed(base, next, middle)))
        .isEqualTo(told.stream().filter(block -> (block + 1) * BLOCK > middle).toList());
    assertThat(blocks(client.snapshots().allocated(next, 0))).containsAll(nonZero(image(next)));
    assertThat(code(() -> client.snapshots().changed(base, next, 2 * size + 1)))
        .isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(code(() -> client.snapshots().changed(next, base, 0)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(client.snapshots().changed(base, next, 2 * size)).isEmpty();
    client.unpublish(id, target);
    client.unstage(id, staging);
  }

  /** The unit is the image, so a volume with files will do; its source may be gone by then. */
  @ParameterizedTest
  @ValueSource(strings = {"dir", "xfs", "btrfs"})
  void given_files_that_come_and_go_then_the_delta_is_what_a_comparison_finds(String kind)
      throws Exception {
    at.start(kind);
    var size = 64 * MIB;
    var id = client.create("v1", size, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    var random = new Random(2);
    writeFiles(random, 0, 40);
    var base = client.snapshots().create("s1", id).getSnapshotId();
    writeFiles(random, 30, 60);
    for (var n = 0; n < 20; n++) {
      Files.delete(staging.resolve("file" + n));
    }
    RealPool.run("sync", "-f", staging.toString());
    RealPool.run("fstrim", staging.toString());
    var next = client.snapshots().create("s2", id).getSnapshotId();
    client.unstage(id, staging);
    client.delete(id);

    var told = blocks(client.snapshots().changed(base, next, 0));
    var differing = compare(image(base), image(next), size);

    assertThat(differing).hasSizeGreaterThan(30);
    assertThat(told).containsAll(differing);
    assertThat(told.size()).as("not much for nothing").isLessThan(differing.size() * 2 + 64);
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

  private static void discardRandomly(Path device, Random random, int times, long size)
      throws Exception {
    for (var n = 0; n < times; n++) {
      var offset = random.nextLong(size / BLOCK - 4) * BLOCK;
      RealPool.run(
          "blkdiscard",
          "--force",
          "--offset=" + offset,
          "--length=" + 4 * BLOCK,
          device.toString());
    }
  }

  private void writeFiles(Random random, int from, int to) throws IOException {
    for (var n = from; n < to; n++) {
      var bytes = new byte[1 + random.nextInt(16 * BLOCK)];
      random.nextBytes(bytes);
      Files.write(staging.resolve("file" + n), bytes);
    }
  }

  private static List<Long> nonZero(byte[] image) {
    return compare(new byte[image.length], image, image.length);
  }

  private byte[] image(String snapshot) throws IOException {
    return Files.readAllBytes(at.state("snapshots").resolve(snapshot).resolve("image"));
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
}
