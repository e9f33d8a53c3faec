package io.csi4j.sidecars.kit.pacing;

import java.time.Duration;

/**
 * A bucket that holds {@code burst} tokens at most and gets one more each {@code interval}. It can
 * be overdrawn: then a token is promised for later.
 *
 * <p>All its state is one number, the time at which it would be full again: a token costs one
 * interval of it. So nothing has to be filled up, and no fraction is ever rounded away.
 */
public final class TokenBucket {
  private final long intervalNanos;
  private final long burstNanos;

  // Both guarded by this.
  private long fullAtNanos;
  private boolean used;

  public TokenBucket(Duration interval, int burst) {
    if (interval.isNegative() || interval.isZero() || burst < 1) {
      throw new IllegalArgumentException(
          "a token each %s, at most %d: both must be positive".formatted(interval, burst));
    }
    this.intervalNanos = interval.toNanos();
    this.burstNanos = Math.multiplyExact(intervalNanos, burst - 1L);
  }

  /** Takes a token where there is one. */
  public synchronized boolean tryTake(long nowNanos) {
    if (waitNanos(nowNanos) > 0) {
      return false;
    }
    pay(nowNanos);
    return true;
  }

  /** How long a token would take to come, if nobody else asks. */
  public synchronized Duration comesIn(long nowNanos) {
    return Duration.ofNanos(waitNanos(nowNanos));
  }

  /** Takes a token, if need be one that is still to come, and says how long to wait for it. */
  public synchronized Duration take(long nowNanos) {
    var wait = waitNanos(nowNanos);
    pay(nowNanos);
    return Duration.ofNanos(wait);
  }

  /** Undoes a {@link #take} whose token was not used. */
  public synchronized void giveBack() {
    fullAtNanos -= intervalNanos;
  }

  private long waitNanos(long nowNanos) {
    return used ? Math.max(0, fullAtNanos - nowNanos - burstNanos) : 0;
  }

  private void pay(long nowNanos) {
    var full = used && fullAtNanos - nowNanos > 0 ? fullAtNanos : nowNanos;
    fullAtNanos = full + intervalNanos;
    used = true;
  }
}
