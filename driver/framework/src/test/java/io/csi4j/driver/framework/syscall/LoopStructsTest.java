package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Offsets of linux/loop.h; driver.md 16. */
class LoopStructsTest {

  @Test
  void given_a_use_when_configured_then_each_field_is_at_its_offset() {
    try (var arena = Arena.ofConfined()) {
      var config = LoopStructs.config(arena, 42, LoopUse.FREED_WITH_MOUNT, Path.of("/image"));

      assertThat(config.byteSize()).isEqualTo(304);
      assertThat(config.get(JAVA_INT, 0)).isEqualTo(42);
      assertThat(config.get(JAVA_INT, 4)).isEqualTo(4096);
      assertThat(config.get(JAVA_INT, 8 + 52)).isEqualTo(16 | 4);
      assertThat(config.get(JAVA_BYTE, 8 + 56)).isEqualTo((byte) '/');
    }
  }

  @Test
  void given_a_long_path_when_configured_then_the_name_ends_with_a_zero() {
    try (var arena = Arena.ofConfined()) {
      var config =
          LoopStructs.config(arena, 1, LoopUse.UNTIL_DETACHED, Path.of("/" + "x".repeat(99)));

      assertThat(config.get(JAVA_BYTE, 8 + 56 + 62)).isEqualTo((byte) 'x');
      assertThat(config.get(JAVA_BYTE, 8 + 56 + 63)).isZero();
    }
  }

  @Test
  void given_a_status_then_the_device_has_its_values() {
    try (var arena = Arena.ofConfined()) {
      var info = LoopStructs.emptyInfo(arena);
      info.set(JAVA_LONG, 0, 65024);
      info.set(JAVA_LONG, 8, 1234);
      info.set(JAVA_INT, 52, 1);

      assertThat(LoopStructs.device(7, info))
          .isEqualTo(new LoopDevice(7, new FileIdentity(65024, 1234), true, false));
    }
  }
}
