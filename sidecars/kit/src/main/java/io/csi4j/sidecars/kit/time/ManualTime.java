package io.csi4j.sidecars.kit.time;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when a test says so. What is spawned runs when the test lets it, in order, one
 * fiber at a time; so nothing sleeps and nothing races.
 *
 * <p>Each fiber is a virtual thread that has the baton from the test's thread and gives it back
 * when it waits or ends. A fiber that holds a lock while it waits stops the others: a bug in it.
 */
public final class ManualTime implements Time {
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));
  private final Deque<Fiber> ready = new ArrayDeque<>();
  private final Semaphore baton = new Semaphore(0);
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);

  // All below belong to whoever has the baton.
  private @Nullable Fiber running;
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
    if (running == null) {
      pass(duration);
    } else {
      signal().await(duration);
    }
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    var due = new Due(nanos + delay.toNanos(), numbers++, action);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public void spawn(String name, Runnable body) {
    ready.addLast(new Fiber(name, body));
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Signal signal() {
    return new ManualSignal();
  }

  /** Runs what was spawned, and what that spawns, until all have ended or wait. */
  public void settle() {
    for (var fiber = ready.pollFirst(); fiber != null; fiber = ready.pollFirst()) {
      fiber.run();
    }
  }

  /** Lets time pass, firing each timer at its moment. */
  public void pass(Duration duration) {
    var end = nanos + duration.toNanos();
    settle();
    while (fireNext(end)) {
      settle();
    }
    nanos = end;
  }

  private boolean fireNext(long end) {
    var next = timers.peek();
    if (next == null || next.nanos() > end) {
      return false;
    }
    timers.remove(next);
    nanos = Math.max(nanos, next.nanos());
    next.action().run();
    return true;
  }

  private record Due(long nanos, long number, Runnable action) {}

  private final class Fiber {
    private final Semaphore turn = new Semaphore(0);
    private final Thread thread;
    private @Nullable Throwable failure;

    Fiber(String name, Runnable body) {
      this.thread =
          Thread.ofVirtual()
              .name(name)
              .unstarted(
                  () -> {
                    try {
                      body.run();
                    } catch (Throwable e) {
                      failure = e;
                    } finally {
                      baton.release();
                    }
                  });
    }

    /** On the test's thread: until the fiber waits or ends. What it threw, the test gets. */
    void run() {
      running = this;
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      } else {
        turn.release();
      }
      baton.acquireUninterruptibly();
      running = null;
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }

    /** On the fiber's own thread. */
    void pause() {
      baton.release();
      turn.acquireUninterruptibly();
    }
  }

  private final class ManualSignal implements Signal {
    private final List<Fiber> waiting = new ArrayList<>();
    private boolean raised;

    @Override
    public void raise() {
      raised = true;
      ready.addAll(waiting);
      waiting.clear();
    }

    @Override
    public boolean raised() {
      return raised;
    }

    @Override
    public boolean await(Duration limit) {
      if (raised) {
        return true;
      }
      if (running == null) {
        pump(nanos + limit.toNanos());
        return raised;
      }
      var fiber = running;
      waiting.add(fiber);
      var timer = after(limit, () -> wake(fiber));
      fiber.pause();
      timer.cancel();
      return raised;
    }

    private void wake(Fiber fiber) {
      if (waiting.remove(fiber)) {
        ready.addLast(fiber);
      }
    }

    private void pump(long end) {
      settle();
      while (!raised && fireNext(end)) {
        settle();
      }
      if (!raised) {
        nanos = end;
      }
    }
  }
}
