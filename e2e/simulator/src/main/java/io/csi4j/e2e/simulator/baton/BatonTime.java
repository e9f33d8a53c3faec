package io.csi4j.e2e.simulator.baton;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The door to time of one process. */
final class BatonTime implements Time {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Baton baton;
  private final Life life;
  private final RandomGenerator random;

  BatonTime(Baton baton, Life life, RandomGenerator random) {
    this.baton = baton;
    this.life = life;
    this.random = random;
  }

  @Override
  public Instant now() {
    return START.plusNanos(baton.nanos());
  }

  @Override
  public long nanos() {
    return baton.nanos();
  }

  @Override
  public void sleep(Duration duration) {
    signal().await(duration);
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    return baton.after(life, delay, action);
  }

  @Override
  public void spawn(String name, Runnable body) {
    baton.spawn(life, name, body);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Signal signal() {
    return new BatonSignal();
  }

  private final class BatonSignal implements Signal {
    private final List<Fiber> waiting = new ArrayList<>(1);
    private boolean raised;

    @Override
    public void raise() {
      raised = true;
      waiting.forEach(baton::wake);
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
      var fiber = baton.current();
      waiting.add(fiber);
      var timer = baton.after(fiber.life(), limit, () -> wake(fiber));
      try {
        baton.pause();
      } finally {
        timer.cancel();
      }
      return raised;
    }

    private void wake(Fiber fiber) {
      if (waiting.remove(fiber)) {
        baton.wake(fiber);
      }
    }
  }
}
