package io.csi4j.sidecars.attacher;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many calls a lane may have in flight, learned from how long they take.
 *
 * <p>A driver that takes 200 ms whether it is asked ten things or a hundred is asked a hundred. One
 * that works on one thing after another takes longer the more it is asked, and gains nothing by it.
 * So calls are taken together to windows, about one round trip each. Where a window's median is no
 * worse than what was seen at best, and calls had to wait, the limit doubles; where it is far
 * worse, the limit shrinks; in between it stays. What is held to be best follows the median slowly
 * when that grows, so that a driver that has become slower for good is not punished for ever.
 *
 * <p>The median, because a few calls that hang say something about their nodes and nothing about
 * the driver.
 */
final class CallLimit {
  /** Below this, differences are chance: a thread that had to wait, a collection of garbage. */
  private static final long NOISE_NANOS = Duration.ofMillis(50).toNanos();

  private static final double SAME = 1.3;
  private static final double WORSE = 1.6;
  private static final double AGEING = 0.1;

  private final int floor;
  private final int ceiling;

  // All below are guarded by this.
  private int limit;
  private long[] window;
  private int seen;
  private boolean hadToWait;
  private double best = Double.MAX_VALUE;

  private CallLimit(int floor, int ceiling) {
    this.floor = floor;
    this.ceiling = ceiling;
    this.limit = floor;
    this.window = new long[floor];
  }

  /** Never changes. */
  static CallLimit fixed(int calls) {
    return new CallLimit(calls, calls);
  }

  static CallLimit learned(int floor, int ceiling) {
    return new CallLimit(floor, ceiling);
  }

  synchronized int now() {
    return limit;
  }

  /** A call waits that the limit holds back. */
  synchronized void heldBack() {
    hadToWait = true;
  }

  synchronized void took(Duration duration) {
    if (floor == ceiling) {
      return;
    }
    window[seen++] = duration.toNanos();
    if (seen == window.length) {
      Arrays.sort(window);
      learn(window[window.length / 2]);
      seen = 0;
      hadToWait = false;
      window = new long[limit];
    }
  }

  private void learn(long median) {
    if (median <= best) {
      best = median;
    }
    if (median <= best * SAME + NOISE_NANOS) {
      limit = hadToWait ? Math.min(ceiling, limit * 2) : limit;
    } else if (median > best * WORSE + NOISE_NANOS) {
      limit = Math.max(floor, limit * 3 / 4);
    }
    best += (median - best) * AGEING;
  }
}
