package io.csi4j.driver.framework.mount;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How large a file system is, by what its first blocks say. Of a mounted one they may be a little
 * behind.
 */
record SuperBlock(long blockBytes, long blocks) {
  private static final int READ_BYTES = 1024;

  private static final long EXT4_AT = 1024;
  private static final short EXT4_MAGIC = (short) 0xEF53;
  private static final int EXT4_BLOCKS_64_BIT = 0x80;

  private static final int XFS_MAGIC = 0x5846_5342; // "XFSB"

  private static final long BTRFS_AT = 65_536;
  private static final long BTRFS_MAGIC = 0x4D5F_5366_5248_425FL; // "_BHRfS_M"

  /**
   * A file system may leave a small rest of its device unused for good; a difference below this is
   * no reason to grow it.
   */
  private static final long REST_BYTES_MAX = 4L << 20;

  private static final int REST_SHARE = 32;

  long bytes() {
    return blockBytes * blocks;
  }

  /** Whether a device of this size has room that the file system does not use. */
  boolean leavesRoomOf(long deviceBytes) {
    return deviceBytes - bytes() >= Math.min(REST_BYTES_MAX, deviceBytes / REST_SHARE);
  }

  /** Throws when {@code device} does not hold a file system of this type. */
  static SuperBlock read(FsType type, Path device) throws IOException {
    return switch (type) {
      case EXT4 -> ext4(read(device, EXT4_AT).order(ByteOrder.LITTLE_ENDIAN), device);
      case XFS -> xfs(read(device, 0).order(ByteOrder.BIG_ENDIAN), device);
      case BTRFS -> btrfs(read(device, BTRFS_AT).order(ByteOrder.LITTLE_ENDIAN), device);
    };
  }

  private static SuperBlock ext4(ByteBuffer block, Path device) throws IOException {
    check(block.getShort(0x38) == EXT4_MAGIC, "ext4", device);
    var low = Integer.toUnsignedLong(block.getInt(0x4));
    var wide = (block.getInt(0x60) & EXT4_BLOCKS_64_BIT) != 0;
    var high = wide ? Integer.toUnsignedLong(block.getInt(0x150)) : 0;
    return new SuperBlock(1024L << block.getInt(0x18), high << 32 | low);
  }

  private static SuperBlock xfs(ByteBuffer block, Path device) throws IOException {
    check(block.getInt(0) == XFS_MAGIC, "xfs", device);
    return new SuperBlock(Integer.toUnsignedLong(block.getInt(4)), block.getLong(8));
  }

  private static SuperBlock btrfs(ByteBuffer block, Path device) throws IOException {
    check(block.getLong(0x40) == BTRFS_MAGIC, "btrfs", device);
    var sectorBytes = Integer.toUnsignedLong(block.getInt(0x90));
    return new SuperBlock(sectorBytes, block.getLong(0x70) / sectorBytes);
  }

  private static void check(boolean right, String type, Path device) throws IOException {
    if (!right) {
      throw new IOException("%s holds no %s".formatted(device, type));
    }
  }

  private static ByteBuffer read(Path device, long at) throws IOException {
    var buffer = ByteBuffer.allocate(READ_BYTES);
    try (var channel = FileChannel.open(device, StandardOpenOption.READ)) {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, at + buffer.position()) < 0) {
          throw new IOException("%s ends before %d".formatted(device, at + READ_BYTES));
        }
      }
    }
    return buffer.flip();
  }
}
