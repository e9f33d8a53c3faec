package io.csi4j.e2e.sandbox.actors.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The clock of all actors. It runs like the one below it, and a test can push it ahead: six minutes
 * of patience pass in no time, while calls to drivers take the time that they take.
 */
public final class ActorTime implements InstantSource {
  public static final Instant NEVER = Instant.MAX;

  private final InstantSource below;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock. */
  private Duration ahead = Duration.ZERO;

  public ActorTime(InstantSource below) {
    this.below = below;
  }

  @Override
  public Instant instant() {
    lock.lock();
    try {
      return below.instant().plus(ahead);
    } finally {
      lock.unlock();
    }
  }

  public void advance(Duration by) {
    lock.lock();
    try {
      ahead = ahead.plus(by);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets all who wait look again. */
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the claim holds or the time has come. */
  void await(BooleanSupplier claim, Instant until) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!claim.getAsBoolean()) {
        if (until.equals(NEVER)) {
          changed.await();
          continue;
        }
        var left = Duration.between(instant(), until);
        if (left.isNegative() || left.isZero()) {
          return;
        }
        // A wait that ends early only looks again.
        var nanos = Math.min(left.toSeconds() + 1, 3600) * 1_000_000_000L;
        var _ =
            changed.await(Math.min(nanos, left.toMillis() * 1_000_000L + 1), TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }
}
