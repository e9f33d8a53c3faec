package io.csi4j.driver.local;

import io.csi4j.driver.framework.mount.FsType;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.CapacityRange;

/** How large a new volume becomes. Pure. */
sealed interface SizeChoice {
  long UNIT_BYTES = 4096;
  long DEFAULT_BYTES = 1L << 30;

  record Chosen(long sizeBytes) implements SizeChoice {}

  record OutOfRange(String why) implements SizeChoice {}

  /**
   * What bounds the size, whatever is asked for.
   *
   * @param sourceBytes a volume is never smaller than what it is filled with; 0 for nothing
   */
  record Limits(Content content, long sourceBytes, long sizeBytesMax) {

    long smallest() {
      var ofContent =
          switch (content) {
            case Content.Raw() -> UNIT_BYTES;
            case Content.FileSystem(var fsType) -> FsType.of(fsType).sizeBytesMin();
          };
      return Math.max(sourceBytes, ofContent);
    }
  }

  static SizeChoice of(CapacityRange range, Limits limits) {
    var largest = limits.sizeBytesMax();
    var limit = range.limitBytes() == 0 ? largest : Math.min(range.limitBytes(), largest);
    if (range.requiredBytes() > largest) {
      return new OutOfRange(
          "required_bytes %d is more than the largest volume, %d"
              .formatted(range.requiredBytes(), largest));
    }
    if (range.requiredBytes() > 0 && range.requiredBytes() < limits.sourceBytes()) {
      return new OutOfRange(
          "required_bytes %d is less than the source has, %d"
              .formatted(range.requiredBytes(), limits.sourceBytes()));
    }
    var fallback = limits.sourceBytes() > 0 ? limits.sourceBytes() : DEFAULT_BYTES;
    var wanted = range.requiredBytes() == 0 ? Math.min(fallback, limit) : range.requiredBytes();
    var size = roundedUp(Math.max(wanted, limits.smallest()));
    // A limit that is no multiple of the unit is met from below when nothing more was required.
    if (size > limit && range.requiredBytes() == 0) {
      size = limit / UNIT_BYTES * UNIT_BYTES;
    }
    if (size > limit || size < limits.smallest()) {
      return new OutOfRange(
          "no size between required_bytes %d and limit_bytes %d is possible: sizes are multiples of %d, %d at least and %d at most"
              .formatted(
                  range.requiredBytes(),
                  range.limitBytes(),
                  UNIT_BYTES,
                  limits.smallest(),
                  largest));
    }
    return new Chosen(size);
  }

  /** For a volume that is there: it never shrinks, and need not grow when it is large enough. */
  static SizeChoice grown(CapacityRange range, long bytes, long sizeBytesMax) {
    if (range.limitBytes() > 0 && bytes > range.limitBytes()) {
      return new OutOfRange(
          "limit_bytes %d is less than the volume has, %d".formatted(range.limitBytes(), bytes));
    }
    if (range.requiredBytes() <= bytes) {
      return new Chosen(bytes);
    }
    return of(range, new Limits(new Content.Raw(), 0, sizeBytesMax));
  }

  private static long roundedUp(long bytes) {
    return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
  }
}
