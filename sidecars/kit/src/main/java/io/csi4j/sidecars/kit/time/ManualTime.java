package io.csi4j.sidecars.kit.time;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Time that passes when a test says so. What is spawned runs when the test lets it, in order, on
 * the test's own thread; so nothing sleeps and nothing races.
 */
public final class ManualTime implements Time {
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));
  private final Deque<Runnable> spawned = new ArrayDeque<>();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
  private long nanos;
  private long numbers;

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) {
    pass(duration);
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    var due = new Due(nanos + delay.toNanos(), numbers++, action);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public void spawn(String name, Runnable body) {
    spawned.addLast(body);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  /** Runs what was spawned, and what that spawns. */
  public void settle() {
    for (var body = spawned.pollFirst(); body != null; body = spawned.pollFirst()) {
      body.run();
    }
  }

  /** Lets time pass, firing each timer at its moment. */
  public void pass(Duration duration) {
    var end = nanos + duration.toNanos();
    settle();
    for (var next = timers.peek(); next != null && next.nanos() <= end; next = timers.peek()) {
      timers.remove(next);
      nanos = Math.max(nanos, next.nanos());
      next.action().run();
      settle();
    }
    nanos = end;
  }

  private record Due(long nanos, long number, Runnable action) {}
}
