package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code struct loop_config} and {@code struct loop_info64} of linux/loop.h; the offsets are the
 * same on x86-64 and arm64.
 */
final class LoopStructs {
  static final long CONFIG_BYTES = 304;
  static final long INFO_BYTES = 232;

  private static final long CONFIG_FD = 0;
  private static final long CONFIG_BLOCK_SIZE = 4;
  private static final long CONFIG_INFO = 8;
  private static final long INFO_DEVICE = 0;
  private static final long INFO_INODE = 8;
  private static final long INFO_FLAGS = 52;
  private static final long INFO_FILE_NAME = 56;
  private static final int FILE_NAME_BYTES = 64;

  /**
   * Said and not left to the kernel: it would take what direct I/O on the file needs, and that
   * changes from 512 to 4096 when the file begins to share extents with a snapshot. A file system
   * with smaller blocks could then not be mounted any more.
   */
  private static final int BLOCK_BYTES = 4096;

  private static final int READ_ONLY = 1;
  private static final int AUTOCLEAR = 4;
  private static final int DIRECT_IO = 16;

  private LoopStructs() {}

  static MemorySegment config(Arena arena, int imageFd, LoopUse use, Path image) {
    var config = arena.allocate(CONFIG_BYTES, Long.BYTES);
    config.set(JAVA_INT, CONFIG_FD, imageFd);
    config.set(JAVA_INT, CONFIG_BLOCK_SIZE, BLOCK_BYTES);
    config.set(JAVA_INT, CONFIG_INFO + INFO_FLAGS, flags(use));
    // For people who list the devices; nobody decides by it.
    var name = image.toString().getBytes(StandardCharsets.UTF_8);
    var length = Math.min(name.length, FILE_NAME_BYTES - 1);
    config
        .asSlice(CONFIG_INFO + INFO_FILE_NAME, length)
        .copyFrom(MemorySegment.ofArray(name).asSlice(0, length));
    return config;
  }

  static MemorySegment emptyInfo(Arena arena) {
    return arena.allocate(INFO_BYTES, Long.BYTES);
  }

  static LoopDevice device(long number, MemorySegment info) {
    var flags = info.get(JAVA_INT, INFO_FLAGS);
    return new LoopDevice(
        number,
        new FileIdentity(info.get(JAVA_LONG, INFO_DEVICE), info.get(JAVA_LONG, INFO_INODE)),
        (flags & READ_ONLY) != 0,
        (flags & AUTOCLEAR) != 0);
  }

  /**
   * Direct I/O keeps the data from being cached twice; where the file system cannot do it, the
   * kernel drops the flag.
   */
  private static int flags(LoopUse use) {
    return DIRECT_IO
        | switch (use) {
          case FREED_WITH_MOUNT -> AUTOCLEAR;
          case UNTIL_DETACHED -> 0;
          case READ_ONLY_UNTIL_DETACHED -> READ_ONLY;
        };
  }
}
