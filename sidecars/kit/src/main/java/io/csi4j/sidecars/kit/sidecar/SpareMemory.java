package io.csi4j.sidecars.kit.sidecar;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gives back to the machine what the first lists or a burst have left behind: the collector grows
 * the heap when it must, and shrinks it only in a full collection, which an idle process never has.
 */
final class SpareMemory implements AutoCloseable {
  private static final Duration LOOK_EACH = Duration.ofSeconds(10);
  private static final long MIB = 1024 * 1024;

  /** Who uses less than this between two looks is idle. */
  private static final long IDLE_BYTES = 2 * MIB;

  /** Less than this is not worth the tenth of a second that it takes. */
  private static final long WORTH_BYTES = 8 * MIB;

  private final Time time;

  private final Object lock = new Object();

  // All below are guarded by lock.
  private Look last = Look.now();
  private long totalAfter = last.total();
  private boolean closed;
  private Time.@Nullable Timer timer;

  SpareMemory(Time time) {
    this.time = time;
  }

  /** The heap at one moment, in bytes. */
  record Look(long total, long used) {
    static Look now() {
      var runtime = Runtime.getRuntime();
      var total = runtime.totalMemory();
      return new Look(total, total - runtime.freeMemory());
    }
  }

  void start() {
    synchronized (lock) {
      if (!closed) {
        timer = time.after(LOOK_EACH, () -> time.spawn("csi4j-memory", this::look));
      }
    }
  }

  /** Whether to collect, where the heap was as large as {@code totalAfter} after the last time. */
  static boolean pays(Look last, Look now, long totalAfter) {
    var idle = now.used() >= last.used() && now.used() - last.used() < IDLE_BYTES;
    return idle && now.total() - totalAfter >= WORTH_BYTES;
  }

  private void look() {
    synchronized (lock) {
      var now = Look.now();
      if (pays(last, now, totalAfter)) {
        collect();
        now = Look.now();
        totalAfter = now.total();
      }
      last = now;
    }
    start();
  }

  private static void collect() {
    System.gc();
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (timer != null) {
        timer.cancel();
      }
    }
  }
}
