package io.csi4j.sidecars.kit.time;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Time as it is. Fibers are virtual threads; one platform thread fires the timers. */
public final class SystemTime implements Time, AutoCloseable {
  private final ScheduledThreadPoolExecutor timers;
  private final RandomGenerator random = RandomGenerator.of("SecureRandom");

  public SystemTime() {
    timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("csi4j-timers").daemon().factory());
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting");
    }
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    var scheduled = timers.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void spawn(String name, Runnable body) {
    Thread.ofVirtual().name(name).start(body);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Signal signal() {
    return new Latch();
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }

  private static final class Latch implements Signal {
    private final CountDownLatch latch = new CountDownLatch(1);

    @Override
    public void raise() {
      latch.countDown();
    }

    @Override
    public boolean raised() {
      return latch.getCount() == 0;
    }

    @Override
    public boolean await(Duration limit) {
      try {
        return latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while waiting");
      }
    }
  }
}
