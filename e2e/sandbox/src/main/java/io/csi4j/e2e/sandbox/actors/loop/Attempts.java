package io.csi4j.e2e.sandbox.actors.loop;

import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets one object's trouble not hold up the others: who failed waits, twice as long each time. Used
 * by one thread.
 */
public final class Attempts {
  private static final Duration AFTER_CONFLICT = Duration.ofMillis(20);
  private static final int DOUBLINGS_MAX = 20;

  private final Duration first;
  private final Duration longest;
  private final Map<String, Wait> waits = new HashMap<>();

  private record Wait(int failures, Instant until) {}

  public Attempts(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  /** What controllers of Kubernetes do after a failed write. */
  public static Attempts usual() {
    return new Attempts(Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  /** Runs the work unless the object has to wait. */
  public void attempt(String key, Instant now, Runnable work) {
    if (!due(key, now)) {
      return;
    }
    try {
      work.run();
      succeeded(key);
    } catch (ApiFailure failure) {
      if (failure.code() == 409 || failure.code() == 404) {
        // Our view was old; the new one is on its way.
        waits.put(key, new Wait(0, now.plus(AFTER_CONFLICT)));
      } else {
        failed(key, now);
      }
    }
  }

  public boolean due(String key, Instant now) {
    var wait = waits.get(key);
    return wait == null || !now.isBefore(wait.until);
  }

  public void succeeded(String key) {
    waits.remove(key);
  }

  public void failed(String key, Instant now) {
    var before = waits.get(key);
    var failures = before == null ? 0 : Math.min(before.failures, DOUBLINGS_MAX);
    var pause = first.multipliedBy(1L << failures);
    waits.put(
        key, new Wait(failures + 1, now.plus(pause.compareTo(longest) > 0 ? longest : pause)));
  }

  /** When the first of those that wait is due; what was due before this moment is forgotten. */
  public Instant next(Instant now) {
    return waits.values().stream()
        .map(Wait::until)
        .filter(until -> until.isAfter(now))
        .min(Instant::compareTo)
        .orElse(ActorTime.NEVER);
  }

  public static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
