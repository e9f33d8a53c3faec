package io.csi4j.sidecars.kit.lease;

import java.time.Duration;

/**
 * How long a lease lasts, how long its holder tries to renew it before it steps down, and how often
 * it tries.
 */
public record LeaseTiming(Duration lease, Duration renewDeadline, Duration retry) {

  /**
   * Candidates wait up to this much longer than {@code retry}, so that they do not come at once.
   */
  static final double JITTER = 1.2;

  private static final Duration LOOK = Duration.ofSeconds(1);

  public static final LeaseTiming DEFAULT =
      new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));

  public LeaseTiming {
    if (!leaseOutlastsDeadline(lease, renewDeadline)
        || !deadlineAllowsRetry(renewDeadline, retry)) {
      throw new IllegalArgumentException(
          "lease %s, renew deadline %s, retry %s: each must be longer than the next"
              .formatted(lease, renewDeadline, retry));
    }
  }

  /** A lease is written in whole seconds. */
  static boolean leaseOutlastsDeadline(Duration lease, Duration renewDeadline) {
    return lease.compareTo(renewDeadline) > 0 && lease.toSeconds() >= 1;
  }

  static boolean deadlineAllowsRetry(Duration renewDeadline, Duration retry) {
    return !retry.isZero()
        && !retry.isNegative()
        && renewDeadline.toNanos() > JITTER * retry.toNanos();
  }

  /** How long a candidate waits between two tries; {@code chance} is from 0 up to 1. */
  Duration candidatePause(double chance) {
    return Duration.ofNanos((long) (retry.toNanos() * (1 + chance * JITTER)));
  }

  /**
   * How long a candidate waits before it looks whether the leader has gone, where a watch would
   * tell: a leader that lives renews within {@code retry}, so a watch that is silent for longer may
   * be broken. The Go tools wait as long as between tries, so that even a lease that was given back
   * lies idle for 5 to 11 s.
   *
   * @param silence since the watch has last told something
   */
  Duration standbyPause(Duration silence, double chance) {
    var trusted = retry.multipliedBy(3).dividedBy(2).minus(silence);
    if (trusted.isPositive()) {
      return trusted;
    }
    var pause = retry.compareTo(LOOK) < 0 ? retry : LOOK;
    return Duration.ofNanos((long) (pause.toNanos() * (1 + chance * JITTER)));
  }

  /** The limit of one request: two of them must fit into a deadline. */
  public Duration requestLimit() {
    return renewDeadline.dividedBy(2);
  }
}
