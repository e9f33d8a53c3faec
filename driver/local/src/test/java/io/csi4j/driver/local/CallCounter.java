package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts native calls, journal writes among them, and kills the process right before one of them.
 */
record CallCounter(AtomicInteger calls, int last, SigKill death) implements Watcher {

  CallCounter(int last) {
    this(new AtomicInteger(), last, SigKill.ofThisProcess());
  }

  @Override
  public void before() {
    if (calls.incrementAndGet() == last) {
      death.now();
    }
  }

  @Override
  public void after() {}
}
