package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.driver.framework.syscall.MountTable;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lives of volumes and nodes, with real devices and mounts; driver.md 4, 7 and 14.11. */
@Timeout(120)
class LocalDriverTest {
  private static final long SIZE_BYTES = 32L << 20;

  @RegisterExtension
  private final DriverOnPool at = DriverOnPool.inFolder(options -> options.withAttach(2));

  private final CsiClient client = at.client();
  private final Path staging = at.staging();
  private final Path target = at.target();

  @Test
  void given_a_mounted_volume_when_used_and_taken_down_then_nothing_is_left() throws IOException {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
    client.attach(id, "node-a", ext4());
    client.stage(id, staging, ext4());
    client.publish(id, staging, target, ext4());

    Files.writeString(target.resolve("file"), "content");
    assertThat(staging.resolve("file")).hasContent("content");
    assertThat(Files.getFileStore(target).getTotalSpace()).isBetween(SIZE_BYTES / 2, SIZE_BYTES);

    client.unpublish(id, target);
    client.unstage(id, staging);
    client.detach(id, "node-a");
    client.delete(id);
    assertThat(target).doesNotExist();
    assertThat(staging).isEmptyDirectory();
    assertThat(at.state("volumes")).isEmptyDirectory();
    at.machine().assertNothingLeft();
  }

  @Test
  void given_a_block_volume_when_used_and_taken_down_then_nothing_is_left() throws IOException {
    var id = client.create("v1", SIZE_BYTES, block()).getVolumeId();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());

    assertThat(deviceBytes(target)).isEqualTo(SIZE_BYTES);
    write(target, "content");
    assertThat(staging).isEmptyDirectory();

    client.unpublish(id, target);
    assertThat(target).doesNotExist();
    assertThat(at.machine().attached()).isEqualTo(1);
    client.unstage(id, staging);
    at.machine().assertNothingLeft();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());
    assertThat(read(target, 7)).isEqualTo("content");
    client.unpublish(id, target);
    client.unstage(id, staging);
    client.delete(id);
    at.machine().assertNothingLeft();
  }

  /** csi-sanity repeats publish, stage and attach ten times; kubelet may after its own restart. */
  @Test
  void given_every_call_many_times_then_it_is_as_if_once() {
    for (var capability : List.of(ext4(), block())) {
      var id = client.create("v1", SIZE_BYTES, capability).getVolumeId();
      for (var n = 0; n < 5; n++) {
        assertThat(client.create("v1", SIZE_BYTES, capability).getVolumeId()).isEqualTo(id);
        client.attach(id, "node-a", capability);
        client.stage(id, staging, capability);
        client.publish(id, staging, target, capability);
      }
      assertThat(MountTable.read().at(target)).hasSize(1);
      assertThat(at.machine().attached()).isEqualTo(1);
      for (var n = 0; n < 3; n++) {
        client.unpublish(id, target);
      }
      for (var n = 0; n < 3; n++) {
        client.unstage(id, staging);
        client.detach(id, "node-a");
      }
      for (var n = 0; n < 3; n++) {
        client.delete(id);
      }
      at.machine().assertNothingLeft();
    }
  }

  @Test
  void given_unknown_things_then_not_found_or_settled() {
    assertThat(code(() -> client.stage("nothing", staging, ext4())))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(code(() -> client.publish("nothing", staging, target, ext4())))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(code(() -> client.attach("nothing", "node-a", ext4())))
        .isEqualTo(Status.Code.NOT_FOUND);
    client.unpublish("nothing", target);
    client.unstage("nothing", staging);
    client.detach("nothing", "node-a");
    client.delete("../../../etc");
  }

  @Test
  void given_a_restart_of_the_driver_then_mounts_stay_and_calls_go_on() throws IOException {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
    client.attach(id, "node-a", ext4());
    client.stage(id, staging, ext4());
    client.publish(id, staging, target, ext4());
    Files.writeString(target.resolve("file"), "content");

    restart();

    assertThat(target.resolve("file")).hasContent("content");
    assertThat(client.create("v1", SIZE_BYTES, ext4()).getVolumeId()).isEqualTo(id);
    client.attach(id, "node-a", ext4());
    client.stage(id, staging, ext4());
    client.publish(id, staging, target, ext4());
    assertThat(MountTable.read().at(target)).hasSize(1);
    assertThat(code(() -> client.unstage(id, staging))).isEqualTo(Status.Code.FAILED_PRECONDITION);
    client.unpublish(id, target);
    client.unstage(id, staging);
    client.detach(id, "node-a");
    client.delete(id);
    at.machine().assertNothingLeft();
  }

  /** Numbers 6 and 7 of driver.md 13.4. */
  @Test
  void given_a_restart_of_the_node_then_volumes_can_be_used_again() throws IOException {
    for (var capability : List.of(ext4(), block())) {
      var id = client.create("v1", SIZE_BYTES, capability).getVolumeId();
      client.stage(id, staging, capability);
      client.publish(id, staging, target, capability);
      at.stop();

      at.machine().loseAll();
      at.startAgain();

      client.stage(id, staging, capability);
      client.publish(id, staging, target, capability);
      assertThat(MountTable.read().at(target)).hasSize(1);
      client.unpublish(id, target);
      client.unstage(id, staging);
      client.delete(id);
      at.machine().assertNothingLeft();
    }
  }

  @Test
  void given_a_full_node_when_attached_then_exhausted_until_one_is_detached() {
    List<String> ids = new ArrayList<>();
    for (var n = 0; n < 3; n++) {
      ids.add(client.create("v" + n, SIZE_BYTES, ext4()).getVolumeId());
    }
    client.attach(ids.get(0), "node-a", ext4());
    client.attach(ids.get(1), "node-a", ext4());

    assertThat(code(() -> client.attach(ids.get(2), "node-a", ext4())))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    client.detach(ids.get(0), "");
    client.attach(ids.get(2), "node-a", ext4());

    assertThat(client.info().getMaxVolumesPerNode()).isEqualTo(2);
  }

  @Test
  void when_asked_for_its_node_then_id_and_place_are_told() {
    var info = client.info();

    assertThat(client.ready()).isTrue();
    assertThat(info.getNodeId()).isEqualTo("node-a");
    assertThat(info.getAccessibleTopology().getSegmentsMap())
        .containsExactly(Map.entry("topology.local.csi4j.io/node", "node-a"));
  }

  @Test
  void given_a_pool_in_use_when_a_second_driver_starts_then_it_refuses() {
    assertThatThrownBy(
            () -> LocalDriver.start(at.options().withEndpoint(at.place("2.sock").toString())))
        .hasMessageContaining("another driver uses the pool");
  }

  private void restart() throws IOException {
    at.stop();
    at.startAgain();
  }

  private static long deviceBytes(Path device) throws IOException {
    try (var channel = FileChannel.open(device, StandardOpenOption.READ)) {
      return channel.size();
    }
  }

  private static void write(Path device, String text) throws IOException {
    try (var channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
      channel.force(true);
    }
  }

  private static String read(Path device, int bytes) throws IOException {
    var buffer = ByteBuffer.allocate(bytes);
    try (var channel = FileChannel.open(device, StandardOpenOption.READ)) {
      channel.read(buffer);
    }
    return new String(buffer.array(), UTF_8);
  }
}
