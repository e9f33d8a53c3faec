package io.csi4j.driver.framework.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Freezing for real; driver.md 14.6. */
@Timeout(60)
class FreezesTest {
  private final NativeThreads threads = new NativeThreads("test", 2);
  private final Mounts mounts = new Mounts(threads);
  private final Freezes freezes = new Freezes(threads);

  @TempDir private Path folder;
  private Path mounted;

  @BeforeEach
  void mount() throws IOException {
    RealMounts.assumePossible();
    folder = folder.toRealPath();
    var image = folder.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    var made =
        new ForeignProgram(threads)
            .run(
                List.of("mkfs.ext4", "-q", "-F", "-b", "4096", image.toString()),
                Duration.ofMinutes(1));
    assertThat(made).isInstanceOf(Ending.Succeeded.class);
    mounted = Files.createDirectory(folder.resolve("mounted"));
    if (!(new LoopDevices(threads).attach(image, LoopUse.FREED_WITH_MOUNT)
        instanceof NativeResult.Value<LoopHold>(var hold))) {
      throw new AssertionError("could not attach");
    }
    try (hold) {
      assertThat(mounts.mount(hold.path(), mounted, "ext4", MountFlags.NONE))
          .isInstanceOf(NativeResult.Value.class);
    }
  }

  @AfterEach
  void unmount() {
    if (mounted != null) {
      freezes.thaw(mounted);
      mounts.unmount(mounted);
    }
    freezes.close();
    threads.close();
  }

  @Test
  void given_a_frozen_file_system_when_thawed_in_time_then_it_was_frozen_all_the_time()
      throws IOException {
    var frozen = frozen(Duration.ofSeconds(30));

    assertThat(freezes.freeze(mounted, Duration.ofSeconds(1)))
        .as("a second freeze is no freeze of ours")
        .isEqualTo(new NativeResult.Failed<>("freeze " + mounted, Errno.EBUSY));
    assertThat(frozen.thaw()).isEqualTo(new NativeResult.Value<>(mounted));

    Files.writeString(mounted.resolve("file"), "content");
    assertThat(freezes.thaw(mounted)).isEqualTo(new NativeResult.Value<>(false));
  }

  /** Whatever the thread that froze it is doing: its users go on after the limit. */
  @Test
  void given_a_snapshot_that_hangs_then_the_watchdog_thaws_and_the_snapshot_is_told()
      throws Exception {
    var frozen = frozen(Duration.ofMillis(200));
    var writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    Files.writeString(mounted.resolve("file"), "content");
                  } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                  }
                });

    await().atMost(Duration.ofSeconds(20)).until(() -> !writer.isAlive());

    assertThat(mounted.resolve("file")).hasContent("content");
    assertThat(frozen.thaw()).isInstanceOf(NativeResult.Failed.class);
  }

  private Freezes.Frozen frozen(Duration limit) {
    if (freezes.freeze(mounted, limit) instanceof NativeResult.Value<Freezes.Frozen>(var frozen)) {
      return frozen;
    }
    throw new AssertionError("could not freeze " + mounted);
  }
}
