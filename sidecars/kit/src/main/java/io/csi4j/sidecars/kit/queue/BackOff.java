package io.csi4j.sidecars.kit.queue;

import java.time.Duration;

/**
 * {@code start}, doubled with every failure, never more than {@code max}.
 *
 * @param jitterPercent by how much at most a pause is longer by chance, so that keys that failed
 *     together do not come back together
 */
public record BackOff(Duration start, Duration max, int jitterPercent) {
  private static final double PERCENT = 100;

  /** Without chance. */
  public BackOff(Duration start, Duration max) {
    this(start, max, 0);
  }

  public BackOff {
    if (start.isNegative() || start.isZero() || max.compareTo(start) < 0) {
      throw new IllegalArgumentException(
          "back-off from %s to %s: must be positive and not shrink".formatted(start, max));
    }
  }

  public BackOff withJitter(int percent) {
    return new BackOff(start, max, percent);
  }

  /** The same with its part of chance, which is from 0 up to 1. */
  public Duration after(int failures, double chance) {
    var pause = after(failures);
    return pause.plusNanos((long) (pause.toNanos() * chance * jitterPercent / PERCENT));
  }

  /** The pause after this many earlier failures. */
  public Duration after(int failures) {
    // 2^62 nanoseconds are 146 years: more doublings than that only overflow.
    var doublings = Math.min(failures, Long.numberOfLeadingZeros(start.toNanos()) - 2);
    var pause = Duration.ofNanos(start.toNanos() << Math.max(doublings, 0));
    return pause.compareTo(max) < 0 ? pause : max;
  }
}
