package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.Capabilities.with;
import static io.csi4j.driver.local.CsiClient.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node refuses, and what it leaves alone, with real devices and mounts; driver.md 7. */
@Timeout(120)
class LocalPublishTest {
  private static final long SIZE_BYTES = 32L << 20;

  @RegisterExtension
  private final DriverOnPool at = DriverOnPool.inFolder(options -> options.withAttach(2));

  private final CsiClient client = at.client();
  private final Path staging = at.staging();
  private final Path target = at.target();

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
    at.machine().assertNothingLeft();
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
    assertThat(at.machine().attached()).as("only the device for writing stays").isEqualTo(1);
    client.unstage(id, staging);
    at.machine().assertNothingLeft();
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

    at.machine().assertNothingLeft();
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

  private static void write(Path device, String text) throws IOException {
    try (var channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
      channel.force(true);
    }
  }
}
