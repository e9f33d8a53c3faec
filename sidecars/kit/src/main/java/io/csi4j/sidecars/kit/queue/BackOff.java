package io.csi4j.sidecars.kit.queue;

import java.time.Duration;

/** {@code start}, doubled with every failure, never more than {@code max}. */
public record BackOff(Duration start, Duration max) {

  public BackOff {
    if (start.isNegative() || start.isZero() || max.compareTo(start) < 0) {
      throw new IllegalArgumentException(
          "back-off from %s to %s: must be positive and not shrink".formatted(start, max));
    }
  }

  /** The pause after this many earlier failures. */
  public Duration after(int failures) {
    // 2^62 nanoseconds are 146 years: more doublings than that only overflow.
    var doublings = Math.min(failures, Long.numberOfLeadingZeros(start.toNanos()) - 2);
    var pause = Duration.ofNanos(start.toNanos() << Math.max(doublings, 0));
    return pause.compareTo(max) < 0 ? pause : max;
  }
}
