package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts native calls, journal writes among them, and ends the process right before one of them:
 * nothing is flushed, closed or undone, as with {@code kill -9}.
 */
record CallCounter(AtomicInteger calls, int last) implements Watcher {
  static final int KILLED = 137;

  CallCounter(int last) {
    this(new AtomicInteger(), last);
  }

  @Override
  public void before() {
    if (calls.incrementAndGet() == last) {
      Runtime.getRuntime().halt(KILLED);
    }
  }

  @Override
  public void after() {}
}
