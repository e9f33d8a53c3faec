package io.csi4j.driver.local;

import io.csi4j.driver.spi.ChangedBlocks.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;

/** Compares two files byte by byte, where either of them has any. */
final class ByteDelta {
  private static final int UNIT = (int) SizeChoice.UNIT_BYTES;
  private static final int READ_BYTES = 256 * UNIT;

  private ByteDelta() {}

  /**
   * What differs.
   *
   * @param either what is not a hole in both, in any order
   */
  static List<Range> changed(Path base, Path target, List<Range> either) throws IOException {
    var ranges = new ExtentDelta.Ranges(Long.MAX_VALUE);
    var done = 0L;
    try (var from = FileChannel.open(base, StandardOpenOption.READ);
        var to = FileChannel.open(target, StandardOpenOption.READ)) {
      for (var range : either.stream().sorted(Comparator.comparingLong(Range::offset)).toList()) {
        for (var at = Math.max(done, range.offset()); at < range.end(); at += READ_BYTES) {
          var bytes = (int) Math.min(READ_BYTES, range.end() - at);
          compare(read(from, at, bytes), read(to, at, bytes), at, ranges);
        }
        done = Math.max(done, range.end());
      }
    }
    return ranges.list;
  }

  private static void compare(
      ByteBuffer base, ByteBuffer target, long at, ExtentDelta.Ranges ranges) {
    for (var unit = 0; unit < base.capacity(); unit += UNIT) {
      var bytes = Math.min(UNIT, base.capacity() - unit);
      if (!base.slice(unit, bytes).equals(target.slice(unit, bytes))) {
        ranges.add(at + unit, at + unit + bytes);
      }
    }
  }

  /** What lies behind the end of a file reads as zeroes: a volume that grew had none there. */
  private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
    var buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.clear();
  }
}
