package io.csi4j.driver.local;

import static io.csi4j.driver.local.CsiClient.block;
import static io.csi4j.driver.local.CsiClient.code;
import static io.csi4j.driver.local.CsiClient.ext4;
import static io.csi4j.driver.local.CsiClient.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode;
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
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver at its socket, with real devices and mounts; driver.md 4, 7 and 14.11. */
@Timeout(120)
class LocalDriverTest {
  private static final long SIZE_BYTES = 32L << 20;

  @TempDir private Path folder;
  private RealDevices machine;
  private LocalDriverOptions options;
  private LocalDriver driver;
  private CsiClient client;
  private Path staging;
  private Path target;

  @BeforeEach
  void start() throws IOException {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    machine = RealDevices.below(folder);
    staging = Files.createDirectory(folder.resolve("staging"));
    target = Files.createDirectory(folder.resolve("pod")).resolve("target");
    options =
        LocalDriverOptions.of("node-a")
            .withEndpoint(folder.resolve("csi.sock").toString())
            .withStateDir(folder.resolve("state"))
            .withAttach(2);
    driver = LocalDriver.start(options);
    client = new CsiClient(folder.resolve("csi.sock"));
  }

  @AfterEach
  void stop() {
    if (machine != null) {
      client.close();
      driver.close();
      machine.close();
    }
  }

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
    assertThat(folder.resolve("state/volumes")).isEmptyDirectory();
    machine.assertNothingLeft();
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
    assertThat(machine.attached()).isEqualTo(1);
    client.unstage(id, staging);
    machine.assertNothingLeft();
    client.stage(id, staging, block());
    client.publish(id, staging, target, block());
    assertThat(read(target, 7)).isEqualTo("content");
    client.unpublish(id, target);
    client.unstage(id, staging);
    client.delete(id);
    machine.assertNothingLeft();
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
      assertThat(machine.attached()).isEqualTo(1);
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
      machine.assertNothingLeft();
    }
  }

  @Test
  void given_read_only_publish_when_written_to_then_it_refuses() throws IOException {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
    var second = target.resolveSibling("second");
    client.stage(id, staging, ext4());
    client.publish(id, staging, target, ext4());
    client.publishReadOnly(id, staging, second, ext4());
    Files.writeString(target.resolve("file"), "content");

    assertThat(second.resolve("file")).hasContent("content");
    assertThatThrownBy(() -> Files.writeString(second.resolve("other"), "x"))
        .hasMessageContaining("Read-only");

    client.unpublish(id, second);
    client.unpublish(id, target);
    client.unstage(id, staging);
    machine.assertNothingLeft();
  }

  /** Number 8 of driver.md 13.4: a read-only bind of a device node does not stop writes. */
  @Test
  void given_a_block_volume_read_only_when_written_to_then_it_refuses() throws IOException {
    var id = client.create("v1", SIZE_BYTES, block()).getVolumeId();
    client.stage(id, staging, block());
    client.publishReadOnly(id, staging, target, block());

    assertThatThrownBy(() -> write(target, "content")).isInstanceOf(IOException.class);
    client.publishReadOnly(id, staging, target, block());

    client.unpublish(id, target);
    assertThat(machine.attached()).as("only the device for writing stays").isEqualTo(1);
    client.unstage(id, staging);
    machine.assertNothingLeft();
  }

  /** Number 14 of driver.md 13.4. */
  @Test
  void given_a_volume_in_use_when_deleted_or_unstaged_then_refuses() {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    client.publish(id, staging, target, ext4());

    assertThat(code(() -> client.delete(id))).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(code(() -> client.unstage(id, staging))).isEqualTo(Status.Code.FAILED_PRECONDITION);
    client.unpublish(id, target);
    assertThat(code(() -> client.delete(id))).isEqualTo(Status.Code.FAILED_PRECONDITION);
    client.unstage(id, staging);
    client.delete(id);
  }

  @Test
  void given_a_published_volume_when_published_otherwise_then_already_exists() {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    client.publish(id, staging, target, ext4());

    assertThat(code(() -> client.publishReadOnly(id, staging, target, ext4())))
        .isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(code(() -> client.stage(id, staging, ext4("noatime"))))
        .isEqualTo(Status.Code.ALREADY_EXISTS);
  }

  @Test
  void given_a_single_writer_when_published_twice_then_the_second_target_leaves_nothing() {
    var single = with(AccessMode.Mode.SINGLE_NODE_SINGLE_WRITER, ext4());
    var id = client.create("v1", SIZE_BYTES, single).getVolumeId();
    var second = target.resolveSibling("second");
    client.stage(id, staging, single);
    client.publish(id, staging, target, single);

    assertThat(code(() -> client.publish(id, staging, second, single)))
        .isEqualTo(Status.Code.FAILED_PRECONDITION);

    assertThat(second).doesNotExist();
    client.unpublish(id, target);
    client.publish(id, staging, second, single);
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
  void given_not_staged_when_published_then_refuses_and_leaves_nothing() {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();

    assertThat(code(() -> client.publish(id, staging, target, ext4())))
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(target).doesNotExist();
  }

  @Test
  void given_a_mount_that_fails_then_no_device_is_left() {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();

    assertThat(code(() -> client.stage(id, staging, ext4("no-such-option"))))
        .isEqualTo(Status.Code.INTERNAL);

    machine.assertNothingLeft();
    client.stage(id, staging, ext4());
  }

  /** Number 15 of driver.md 13.4, too. */
  @Test
  void given_a_target_that_is_a_mount_of_others_when_unpublished_then_it_is_left_alone()
      throws IOException {
    var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
    var other = client.create("v2", SIZE_BYTES, ext4()).getVolumeId();
    client.stage(id, staging, ext4());
    Files.writeString(staging.resolve("file"), "content");

    client.unpublish(other, staging);

    assertThat(staging.resolve("file")).hasContent("content");
    client.unstage(id, staging);
  }

  /** Number 15 of driver.md 13.4: what was written to a target is never deleted. */
  @Test
  void given_a_target_with_files_in_it_when_unpublished_then_they_are_not_deleted()
      throws IOException {
    var file = Files.writeString(Files.createDirectory(target).resolve("file"), "precious");

    assertThat(code(() -> client.unpublish("nothing", target))).isEqualTo(Status.Code.INTERNAL);

    assertThat(file).hasContent("precious");
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
    machine.assertNothingLeft();
  }

  /** Numbers 6 and 7 of driver.md 13.4. */
  @Test
  void given_a_restart_of_the_node_then_volumes_can_be_used_again() throws IOException {
    for (var capability : List.of(ext4(), block())) {
      var id = client.create("v1", SIZE_BYTES, capability).getVolumeId();
      client.stage(id, staging, capability);
      client.publish(id, staging, target, capability);
      client.close();
      driver.close();

      machine.loseAll();
      start(options);

      client.stage(id, staging, capability);
      client.publish(id, staging, target, capability);
      assertThat(MountTable.read().at(target)).hasSize(1);
      client.unpublish(id, target);
      client.unstage(id, staging);
      client.delete(id);
      machine.assertNothingLeft();
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
            () -> LocalDriver.start(options.withEndpoint(folder.resolve("2.sock").toString())))
        .hasMessageContaining("another driver uses the pool");
  }

  /** driver.md 14.11: 200 volumes at once, and 50 callers who all want the same one. */
  @Test
  void given_many_calls_at_once_then_ok_or_aborted_and_one_volume_per_name() throws Exception {
    var ids = new ConcurrentSkipListSet<String>();
    var codes = new ConcurrentLinkedQueue<Status.Code>();

    atOnce(200, n -> ids.add(create("v" + n)));
    assertThat(ids).hasSize(200);
    ids.clear();
    atOnce(50, _ -> codes.add(code(() -> ids.add(create("same")))));
    assertThat(codes).isSubsetOf(Status.Code.OK, Status.Code.ABORTED).contains(Status.Code.OK);
    assertThat(ids).hasSize(1);
    ids.addAll(client.volumes(0, "").getEntriesList().stream().map(LocalDriverTest::id).toList());
    assertThat(ids).hasSize(201);

    var all = List.copyOf(ids);
    atOnce(all.size(), n -> client.delete(all.get(n)));
    assertThat(client.volumes(0, "").getEntriesCount()).isZero();
    assertThat(folder.resolve("state/volumes")).isEmptyDirectory();
    machine.assertNothingLeft();
  }

  /** Numbers 3 and 4 of driver.md 13.4. */
  @Test
  void given_volumes_when_listed_in_pages_then_each_comes_once_with_its_nodes() {
    for (var n = 0; n < 6; n++) {
      create("v" + n);
    }

    var first = client.volumes(4, "");
    client.delete(id(first.getEntries(3)));
    var rest = client.volumes(0, first.getNextToken());

    assertThat(first.getEntriesCount()).isEqualTo(4);
    assertThat(rest.getEntriesCount()).isEqualTo(2);
    assertThat(rest.getNextToken()).isEmpty();
    var attached = id(first.getEntries(0));
    client.attach(attached, "node-a", ext4());
    for (var entry : client.volumes(0, "").getEntriesList()) {
      assertThat(entry.getStatus().getPublishedNodeIdsList())
          .isEqualTo(id(entry).equals(attached) ? List.of("node-a") : List.of());
    }
    assertThat(code(() -> client.volumes(-1, ""))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> client.volumes(0, "-1"))).isEqualTo(Status.Code.ABORTED);
  }

  /** Number 5 of driver.md 13.4: an ID that nobody has given out is looked up, never opened. */
  @Test
  void given_ids_that_are_paths_then_nothing_outside_is_touched() throws IOException {
    var outside = Files.writeString(folder.resolve("image"), "precious");

    client.deleteSnapshot("../../..");
    client.deleteSnapshot("../../image");
    client.delete("../../image");

    assertThat(outside).hasContent("precious");
  }

  /** driver.md 14.8: what another node has made is not gone. */
  @Test
  void given_an_id_of_another_node_when_deleted_then_its_own_driver_has_to() {
    var foreign = new Ids("node-b", new Random(1)).next();

    assertThat(code(() -> client.delete(foreign))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(code(() -> client.deleteSnapshot(foreign))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(code(() -> client.createFromSnapshot("v1", SIZE_BYTES, ext4(), foreign)))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  private String create(String name) {
    return client.create(name, SIZE_BYTES, ext4()).getVolumeId();
  }

  private static String id(ListVolumesResponse.Entry entry) {
    return entry.getVolume().getVolumeId();
  }

  private static void atOnce(int callers, IntConsumer work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (var n = 0; n < callers; n++) {
      var caller = n;
      threads.add(Thread.ofVirtual().start(() -> work.accept(caller)));
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  private void restart() throws IOException {
    client.close();
    driver.close();
    start(options);
  }

  private void start(LocalDriverOptions again) throws IOException {
    driver = LocalDriver.start(again);
    client = new CsiClient(folder.resolve("csi.sock"));
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
