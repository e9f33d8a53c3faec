package io.csi4j.driver.framework.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.syscall.ForeignProgram.Ending;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loop devices and mounts for real; driver.md 14.4 and 14.5. */
class LoopDevicesTest {
  private final NativeThreads threads = new NativeThreads("test", 2);
  private final LoopDevices loops = new LoopDevices(threads);
  private final Mounts mounts = new Mounts(threads);

  @TempDir private Path folder;
  private Path image;

  @BeforeEach
  void prepare() throws IOException {
    RealMounts.assumePossible();
    folder = folder.toRealPath();
    image = folder.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
  }

  @AfterEach
  void tidyUp() {
    for (var entry : MountTable.read().entries().reversed()) {
      if (entry.point().startsWith(folder)) {
        mounts.unmount(entry.point());
      }
    }
    ours().forEach(loops::detach);
    threads.close();
  }

  @Test
  void given_an_image_when_attached_then_it_is_found_by_its_inode() throws IOException {
    try (var hold = attach(LoopUse.UNTIL_DETACHED)) {
      assertThat(ours())
          .containsExactly(
              new LoopDevice(hold.number(), FileIdentity.of(image).orElseThrow(), false, false));
    }
  }

  @Test
  void given_a_device_until_detached_when_let_go_then_it_stays_until_it_is_detached() {
    attach(LoopUse.UNTIL_DETACHED).close();
    var device = ours().getFirst();

    var result = loops.detach(device);

    assertThat(result).isEqualTo(new NativeResult.Value<>(device.path()));
    assertThat(ours()).isEmpty();
  }

  @Test
  void given_a_device_freed_with_its_mount_when_never_mounted_then_letting_go_frees_it() {
    attach(LoopUse.FREED_WITH_MOUNT).close();

    assertThat(ours()).isEmpty();
  }

  @Test
  void given_a_device_that_is_another_files_meanwhile_when_detached_then_it_is_left_alone() {
    attach(LoopUse.UNTIL_DETACHED).close();
    var device = ours().getFirst();
    var mistaken = new LoopDevice(device.number(), new FileIdentity(1, 1), false, false);

    loops.detach(mistaken);

    assertThat(ours()).containsExactly(device);
  }

  @Test
  void given_no_image_when_attached_then_the_failure_says_which() {
    var result = loops.attach(folder.resolve("nothing"), LoopUse.UNTIL_DETACHED);

    assertThat(result)
        .isEqualTo(
            new NativeResult.Failed<LoopHold>("open " + folder.resolve("nothing"), Errno.ENOENT));
  }

  @Test
  void given_a_read_only_device_when_written_to_then_it_refuses() {
    try (var hold = attach(LoopUse.READ_ONLY_UNTIL_DETACHED)) {
      assertThat(write(hold.path())).hasMessageContaining("Operation not permitted");
      assertThat(ours().getFirst().readOnly()).isTrue();
    }
  }

  @Test
  void given_a_mounted_device_when_unmounted_then_nothing_is_left() throws IOException {
    var place = mountExt4();

    assertThat(MountTable.read().topAt(place)).isPresent();
    assertThat(ours()).hasSize(1);
    mounts.unmount(place);

    assertThat(MountTable.read().topAt(place)).isEmpty();
    assertThat(ours()).isEmpty();
  }

  @Test
  void given_a_read_only_bind_when_written_to_then_it_refuses_and_the_source_does_not()
      throws IOException {
    var place = mountExt4();
    var target = Files.createDirectory(folder.resolve("target"));

    var result = mounts.bindReadOnly(place, target);

    assertThat(result).isEqualTo(new NativeResult.Value<>(target));
    assertThat(MountTable.read().topAt(target)).get().matches(MountEntry::readOnly);
    Files.writeString(place.resolve("file"), "x");
    assertThat(target.resolve("file")).hasContent("x");
    assertThat(write(target.resolve("other"))).hasMessageContaining("Read-only");
  }

  @Test
  void given_a_link_when_unmounted_then_it_is_not_followed() throws IOException {
    var place = mountExt4();
    var link = Files.createSymbolicLink(folder.resolve("link"), place);

    var result = mounts.unmount(link);

    assertThat(result).isInstanceOf(NativeResult.Failed.class);
    assertThat(MountTable.read().topAt(place)).isPresent();
  }

  @Test
  void given_a_mounted_volume_then_its_usage_is_its_own() throws IOException {
    var place = mountExt4();

    var result = new FileSpace(threads).usage(place);

    var usage = ((NativeResult.Value<FileSpace.Usage>) result).value();
    assertThat(usage.totalBytes()).isBetween(8L << 20, 16L << 20);
    assertThat(usage.availableBytes()).isPositive().isLessThanOrEqualTo(usage.totalBytes());
    assertThat(usage.totalInodes()).isPositive();
    assertThat(usage.freeInodes()).isPositive().isLessThan(usage.totalInodes());
  }

  @Test
  void given_a_sparse_file_when_allocated_then_the_room_is_taken() throws IOException {
    var space = new FileSpace(threads);

    var result = space.allocate(image, 16 << 20);

    assertThat(result).isEqualTo(new NativeResult.Value<>(image));
    assertThat(Files.size(image)).isEqualTo(16 << 20);
    assertThat(kilobytesTaken()).isGreaterThanOrEqualTo(16 << 10);
  }

  private Path mountExt4() throws IOException {
    var made =
        new ForeignProgram(threads)
            .run(
                List.of("mkfs.ext4", "-q", "-F", "-b", "4096", image.toString()),
                Duration.ofSeconds(30));
    assertThat(made).isInstanceOf(Ending.Succeeded.class);
    var place = Files.createDirectory(folder.resolve("place"));
    try (var hold = attach(LoopUse.FREED_WITH_MOUNT)) {
      var mounted = mounts.mount(hold.path(), place, "ext4", MountFlags.NONE);
      assertThat(mounted).isEqualTo(new NativeResult.Value<>(place));
    }
    return place;
  }

  private long kilobytesTaken() {
    var ending =
        new ForeignProgram(threads)
            .run(List.of("du", "-k", image.toString()), Duration.ofSeconds(30));
    return Long.parseLong(((Ending.Succeeded) ending).output().split("\\s", -1)[0]);
  }

  private LoopHold attach(LoopUse use) {
    return switch (loops.attach(image, use)) {
      case NativeResult.Value<LoopHold>(var hold) -> hold;
      case NativeResult.Failed<LoopHold> failed -> throw new AssertionError(failed.message());
    };
  }

  private List<LoopDevice> ours() {
    return loops.attached(path -> path.startsWith(folder));
  }

  private static IOException write(Path path) {
    try {
      Files.write(path, new byte[512]);
    } catch (IOException refusal) {
      return refusal;
    }
    throw new AssertionError("could write to " + path);
  }
}
