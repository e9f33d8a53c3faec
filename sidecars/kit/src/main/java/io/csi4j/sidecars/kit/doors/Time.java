package io.csi4j.sidecars.kit.doors;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** The door to clocks, timers, threads and chance. */
public interface Time {

  /** The wall clock: for what people and other processes read, never for measuring. */
  Instant now();

  /** A clock that only goes forward, for measuring. */
  long nanos();

  /**
   * Waits; a fiber that is cancelled meanwhile gets a {@link
   * java.util.concurrent.CancellationException}.
   */
  void sleep(Duration duration);

  /** Runs {@code action} once, later, on a thread that must not be held up. */
  Timer after(Duration delay, Runnable action);

  /** Runs {@code body} on a fiber of its own. */
  void spawn(String name, Runnable body);

  RandomGenerator random();

  /** A new signal, not yet raised. */
  Signal signal();

  /**
   * Something that fibers wait for. Once raised it stays raised, so that no waiter can come too
   * late; whoever wants to be told again takes a new one.
   */
  interface Signal {

    /** Wakes all that wait; never waits itself. */
    void raise();

    boolean raised();

    /** Waits until it is raised, or until the limit has passed; says whether it is raised. */
    boolean await(Duration limit);
  }

  /** Something that will happen unless cancelled. */
  @FunctionalInterface
  interface Timer {
    void cancel();
  }
}
