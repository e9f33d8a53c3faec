package io.csi4j.driver.spi;

/**
 * How large a volume shall be.
 *
 * @param requiredBytes at least this much; 0 when the caller does not say
 * @param limitBytes at most this much; 0 for no limit
 */
public record CapacityRange(long requiredBytes, long limitBytes) {
  public static final CapacityRange UNSPECIFIED = new CapacityRange(0, 0);

  public CapacityRange {
    if (requiredBytes < 0 || limitBytes < 0 || (limitBytes > 0 && requiredBytes > limitBytes)) {
      throw new IllegalArgumentException(
          "no such capacity: required %d, limit %d".formatted(requiredBytes, limitBytes));
    }
  }

  /** Whether a volume of this size is what was asked for. */
  public boolean contains(long sizeBytes) {
    return sizeBytes >= requiredBytes && (limitBytes == 0 || sizeBytes <= limitBytes);
  }
}
