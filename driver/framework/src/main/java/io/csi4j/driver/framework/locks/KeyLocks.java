package io.csi4j.driver.framework.locks;

import java.util.HashMap;
import java.util.Map;

/**
 * Locks by key that are taken all at once or not at all, and never waited for: a repeated call that
 * queues and runs after its caller has given up does harm, one that is refused at once comes again.
 *
 * <p>All-or-nothing under one monitor makes an order of locking needless, so there is no deadlock
 * to think about.
 */
public final class KeyLocks {
  private static final int EXCLUSIVE = -1;

  /**
   * Holders by key: a count of sharers, or {@link #EXCLUSIVE}. Guarded by this object's monitor.
   */
  private final Map<String, Integer> held = new HashMap<>();

  /** What came of an attempt. */
  public sealed interface Attempt {

    record Locked(Hold hold) implements Attempt {}

    /** Another call holds {@code key}. */
    record Busy(String key) implements Attempt {}
  }

  public synchronized Attempt tryLock(Keys keys) {
    for (var key : keys.exclusive()) {
      if (held.containsKey(key)) {
        return new Attempt.Busy(key);
      }
    }
    for (var key : keys.shared()) {
      if (held.getOrDefault(key, 0) == EXCLUSIVE) {
        return new Attempt.Busy(key);
      }
    }
    keys.exclusive().forEach(key -> held.put(key, EXCLUSIVE));
    keys.shared().forEach(key -> held.merge(key, 1, Integer::sum));
    return new Attempt.Locked(new Hold(keys));
  }

  private synchronized void release(Keys keys) {
    keys.exclusive().forEach(held::remove);
    keys.shared().forEach(key -> held.computeIfPresent(key, (_, n) -> n == 1 ? null : n - 1));
  }

  /** Held locks; closing twice does no harm. */
  public final class Hold implements AutoCloseable {
    private final Keys keys;
    private boolean released;

    private Hold(Keys keys) {
      this.keys = keys;
    }

    @Override
    public void close() {
      synchronized (KeyLocks.this) {
        if (!released) {
          released = true;
          release(keys);
        }
      }
    }
  }
}
