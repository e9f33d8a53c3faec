package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.Capabilities.mount;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of a pool on btrfs: subvolumes; driver.md 14.2. */
@Timeout(180)
class LocalSubvolumeTest {
  private static final long MIB = 1L << 20;
  private static final VolumeCapability ANY = mount("");

  @TempDir private Path folder;
  private RealDevices machine;
  private RealPool pool;
  private LocalDriver driver;
  private CsiClient client;
  private Path staging;
  private Path target;

  @BeforeEach
  void start() throws Exception {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    machine = RealDevices.below(folder);
    pool = RealPool.make(folder, "btrfs");
    staging = Files.createDirectory(folder.resolve("staging"));
    target = folder.resolve("target");
    restart();
  }

  @AfterEach
  void stop() {
    if (driver != null) {
      client.close();
      driver.close();
    }
    if (machine != null && pool != null) {
      machine.loseMounts(pool.folder());
      pool.close();
      machine.close();
    }
  }

  @Test
  void given_a_volume_when_used_and_taken_down_then_no_device_is_needed_and_nothing_is_left()
      throws Exception {
    var id = use("v1", 32 * MIB);

    Files.writeString(target.resolve("file"), "content");
    assertThat(machine.attached()).as("the pool's own device is the only one").isEqualTo(1);
    assertThat(code(() -> client.delete(id))).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(code(() -> client.unstage(id, staging))).isEqualTo(Status.Code.FAILED_PRECONDITION);
    client.stage(id, staging, ANY);
    client.publish(id, staging, target, ANY);
    assertThat(target.resolve("file")).as("the same calls again").hasContent("content");
    client.unpublish(id, target);
    client.publishReadOnly(id, staging, target, ANY);
    assertThatThrownBy(() -> Files.writeString(target.resolve("file"), "other"))
        .isInstanceOf(IOException.class);

    takeDown(id);
    assertThat(staging).isEmptyDirectory();
    assertThat(state("volumes")).isEmptyDirectory();
    machine.assertNothingLeftBut(pool.folder());
  }

  /** The hard limit, which is the subvolume's own, and follows the volume's size. */
  @Test
  void given_a_full_volume_when_expanded_then_there_is_room_again() throws Exception {
    var id = use("v1", 16 * MIB);

    fill("first", 8);
    assertThatThrownBy(() -> fill("too-much", 24)).isInstanceOf(IOException.class);
    Files.delete(target.resolve("too-much"));
    RealPool.run("sync", "-f", target.toString());
    var usage = client.statistics(id, target).getUsage(0);
    assertThat(usage.getTotal()).isEqualTo(16 * MIB);
    assertThat(usage.getUsed()).isBetween(8 * MIB, 16 * MIB);
    assertThat(usage.getAvailable()).isEqualTo(usage.getTotal() - usage.getUsed());

    assertThat(client.expand(id, 64 * MIB, 0).getNodeExpansionRequired()).isFalse();

    fill("more", 24);
    assertThat(client.statistics(id, target).getUsage(0).getTotal()).isEqualTo(64 * MIB);
    takeDown(id);
  }

  @Test
  void given_a_volume_in_use_when_snapshot_cloned_and_restored_then_each_goes_its_way()
      throws Exception {
    var id = use("v1", 32 * MIB);
    Files.writeString(target.resolve("file"), "content");

    var snapshot = client.snapshots().create("s1", id).getSnapshotId();
    var clone = client.createFromVolume("c1", 32 * MIB, ANY, id).getVolumeId();
    Files.writeString(target.resolve("file"), "changed");
    takeDown(id);
    var restored = client.createFromSnapshot("r1", 64 * MIB, ANY, snapshot).getVolumeId();

    for (var each : List.of(clone, restored)) {
      client.stage(each, staging, ANY);
      client.publish(each, staging, target, ANY);
      assertThat(target.resolve("file")).hasContent("content");
      Files.writeString(target.resolve("file"), "own");
      takeDown(each);
    }
    assertThat(code(() -> client.snapshots().allocated(snapshot, 0)))
        .as("files have no blocks")
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    client.snapshots().delete(snapshot);
    assertThat(state("volumes")).isEmptyDirectory();
    assertThat(state("snapshots")).isEmptyDirectory();
  }

  @Test
  void given_volumes_in_use_when_cut_as_a_group_then_only_each_by_itself() throws Exception {
    var id = use("v1", 32 * MIB);

    assertThat(code(() -> client.snapshots().group("g1", List.of(id), Map.of())))
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    var group = client.snapshots().group("g1", List.of(id), Map.of("consistency", "volume"));
    client.snapshots().deleteGroup(group.getGroupSnapshotId(), List.of());
    takeDown(id);
  }

  @Test
  void given_a_restart_of_driver_or_node_then_volumes_can_be_used_again() throws Exception {
    var id = use("v1", 32 * MIB);
    Files.writeString(target.resolve("file"), "content");
    client.close();
    driver.close();
    restart();
    client.publish(id, staging, target, ANY);
    client.unpublish(id, target);
    client.close();
    driver.close();
    machine.loseMounts(pool.folder());

    restart();
    client.stage(id, staging, ANY);
    client.publish(id, staging, target, ANY);

    assertThat(target.resolve("file")).hasContent("content");
    takeDown(id);
  }

  /** What a subvolume cannot be is an image, as everywhere. */
  @Test
  void given_what_a_subvolume_cannot_be_then_it_is_an_image_or_refused() {
    assertThat(isImage(client.create("block", 16 * MIB, block()).getVolumeId())).isTrue();
    assertThat(isImage(client.create("ext4", 16 * MIB, ext4()).getVolumeId())).isTrue();
    assertThat(isImage(create("thick", ANY, Map.of("allocation", "thick")))).isTrue();
    assertThat(isImage(create("image", ANY, Map.of("backend", "image")))).isTrue();
    assertThat(isImage(create("default", ANY, Map.of()))).isFalse();
    assertThat(isImage(create("asked", mount("btrfs"), Map.of("backend", "subvolume")))).isFalse();
    assertThat(code(() -> create("no", ext4(), Map.of("backend", "subvolume"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> create("no", block(), Map.of("backend", "subvolume"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> create("no", ANY, Map.of("backend", "tape"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private String create(String name, VolumeCapability capability, Map<String, String> parameters) {
    var request =
        CreateVolumeRequest.newBuilder()
            .setName(name)
            .addVolumeCapabilities(capability)
            .putAllParameters(parameters);
    request.getCapacityRangeBuilder().setRequiredBytes(128 * MIB);
    return client.create(request.build()).getVolumeId();
  }

  private boolean isImage(String id) {
    return Files.isRegularFile(state("volumes").resolve(id).resolve("image"));
  }

  private String use(String name, long bytes) {
    var id = client.create(name, bytes, ANY).getVolumeId();
    client.stage(id, staging, ANY);
    client.publish(id, staging, target, ANY);
    return id;
  }

  private void takeDown(String id) {
    client.unpublish(id, target);
    client.unstage(id, staging);
    client.delete(id);
  }

  /** On the disk, so that the limit has had its say. */
  private void fill(String name, int mib) throws IOException {
    try (var file =
        FileChannel.open(
            target.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var bytes = new byte[mib * (int) MIB];
      Arrays.fill(bytes, (byte) 1);
      var buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        file.write(buffer); // some of it, and the next write fails
      }
      file.force(true);
    }
  }

  private Path state(String name) {
    return pool.folder().resolve("state").resolve(name);
  }

  private void restart() throws IOException {
    driver =
        LocalDriver.start(
            DriverProcess.options(folder).withStateDir(pool.folder().resolve("state")));
    client = new CsiClient(folder.resolve("csi.sock"));
  }
}
