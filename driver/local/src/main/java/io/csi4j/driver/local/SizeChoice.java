package io.csi4j.driver.local;

import io.csi4j.driver.framework.mount.FileSystemMaker;
import io.csi4j.driver.framework.spi.BlockDevices.Content;
import io.csi4j.driver.framework.spi.CapacityRange;

/** How large a new volume becomes. Pure. */
sealed interface SizeChoice {
  long UNIT_BYTES = 4096;
  long DEFAULT_BYTES = 1L << 30;

  record Chosen(long sizeBytes) implements SizeChoice {}

  record OutOfRange(String why) implements SizeChoice {}

  static SizeChoice of(CapacityRange range, Content content, long sizeBytesMax) {
    var limit = range.limitBytes() == 0 ? sizeBytesMax : Math.min(range.limitBytes(), sizeBytesMax);
    if (range.requiredBytes() > sizeBytesMax) {
      return new OutOfRange(
          "required_bytes %d is more than the largest volume, %d"
              .formatted(range.requiredBytes(), sizeBytesMax));
    }
    var wanted =
        range.requiredBytes() == 0 ? Math.min(DEFAULT_BYTES, limit) : range.requiredBytes();
    var size = roundedUp(Math.max(wanted, smallest(content)));
    // A limit that is no multiple of the unit is met from below when nothing more was required.
    if (size > limit && range.requiredBytes() == 0) {
      size = limit / UNIT_BYTES * UNIT_BYTES;
    }
    if (size > limit || size < smallest(content)) {
      return new OutOfRange(
          "no size between required_bytes %d and limit_bytes %d is possible: sizes are multiples of %d, %d at least and %d at most"
              .formatted(
                  range.requiredBytes(),
                  range.limitBytes(),
                  UNIT_BYTES,
                  smallest(content),
                  sizeBytesMax));
    }
    return new Chosen(size);
  }

  private static long smallest(Content content) {
    return switch (content) {
      case Content.Raw() -> UNIT_BYTES;
      case Content.FileSystem(var fsType) ->
          FileSystemMaker.Type.named(fsType)
              .map(FileSystemMaker.Type::sizeBytesMin)
              .orElse(UNIT_BYTES);
    };
  }

  private static long roundedUp(long bytes) {
    return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
  }
}
