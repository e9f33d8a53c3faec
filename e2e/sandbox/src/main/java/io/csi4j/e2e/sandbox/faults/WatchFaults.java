package io.csi4j.e2e.sandbox.faults;

import io.csi4j.e2e.sandbox.clock.Surroundings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What goes wrong with watches. All methods may be called from any thread, at any time. */
public final class WatchFaults {
  private final Surroundings surroundings;
  private final AtomicLong epoch = new AtomicLong();
  private volatile Duration delay = Duration.ZERO;
  private volatile Delivery delivery = Delivery.ONCE;

  /** How often clients hear of each event. */
  public enum Delivery {
    ONCE,
    TWICE
  }

  public WatchFaults(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** A watch lives in the epoch in which it began. */
  public long epoch() {
    return epoch.get();
  }

  /** Ends all watches of now; they notice when they are woken. */
  public void nextEpoch() {
    epoch.incrementAndGet();
  }

  /** Every delivery of events waits this long first; what happens meanwhile comes with it. */
  public void delay(Duration pause) {
    delay = pause;
  }

  public void deliver(Delivery how) {
    delivery = how;
  }

  public Delivery delivers() {
    return delivery;
  }

  public void beforeDelivery() throws InterruptedException {
    var pause = delay;
    if (!pause.isZero()) {
      surroundings.sleep().sleep(pause);
    }
  }
}
