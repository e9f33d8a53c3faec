package io.csi4j.sidecars.kit.pacing;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many calls of one sort may be in flight, learned from how long they take.
 *
 * <p>A driver that takes 200 ms whether it is asked ten things at a time or a hundred is asked a
 * hundred. One that works on one thing after another takes the longer the more it is asked, and
 * nothing is gained by it. What counts is how much gets done: calls in flight, divided by how long
 * one takes. So a trial doubles the limit and keeps that if clearly more gets done, else takes it
 * back and tries again later and later. Where calls are so short that even a driver that does one
 * after another would be through soon, a trial is twice as bold, and half of it is taken back if
 * half would have done. Where less gets done than before, a trial of half the limit shows whether
 * fewer calls do as much. Where most calls miss their deadline, the limit is halved without a
 * trial.
 *
 * <p>Calls are taken together to windows, by their median: a few that hang say something about
 * their nodes and nothing about the driver. A window has calls of one epoch only, that is, calls
 * that have begun under the limit that is judged by them.
 */
public final class CallLimit {
  /** So fast that it is not the driver that sets the pace: up to {@link #FAST_MAX}, all is well. */
  private static final long FAST_NANOS = Duration.ofMillis(50).toNanos();

  private static final int FAST_MAX = 64;

  /** No call becomes longer than this by a bold trial, whatever the driver does at once. */
  private static final long BOLD_NANOS = Duration.ofSeconds(1).toNanos();

  private static final int BOLD = 4;
  private static final int CAREFUL = 2;

  private static final int WINDOW_MIN = 10;
  private static final double CLEARLY_MORE = 1.2;
  private static final double AS_MUCH = 0.9;
  private static final double CLEARLY_LESS = 0.7;
  private static final int PATIENCE_MAX_WINDOWS = 64;

  private final int floor;
  private final int ceiling;

  // All below are guarded by this.
  private int limit;
  private int epoch;
  private long[] window = new long[WINDOW_MIN];
  private int inTime;
  private int late;
  private boolean hadToWait;
  private @Nullable Trial trial;

  /** What got done under this limit when it was adopted; 0 where that is not known yet. */
  private double known;

  private int quietWindows;
  private int patienceWindows = 1;

  /** What it was before, and what got done then. */
  private record Trial(int limit, double done) {}

  private CallLimit(int floor, int ceiling, int start) {
    this.floor = floor;
    this.ceiling = ceiling;
    this.limit = start;
  }

  /** Never changes. */
  public static CallLimit fixed(int calls) {
    return new CallLimit(calls, calls, calls);
  }

  /** Begins low. */
  public static CallLimit learned(int floor, int ceiling) {
    return new CallLimit(floor, ceiling, floor);
  }

  /** Begins high, and learns downwards where fewer do as much, or most are too late. */
  public static CallLimit learnedFromAbove(int floor, int ceiling) {
    return new CallLimit(floor, ceiling, ceiling);
  }

  public synchronized int now() {
    return limit;
  }

  /** To be asked when a call begins, and told when it has ended. */
  public synchronized int epoch() {
    return epoch;
  }

  /** A call waits that the limit holds back. */
  public synchronized void heldBack() {
    hadToWait = true;
  }

  public synchronized void took(int begunIn, Duration duration) {
    if (begunIn == epoch && floor < ceiling) {
      window[inTime++] = duration.toNanos();
      learnIfFull();
    }
  }

  /** A call has missed its deadline. */
  public synchronized void missed(int begunIn) {
    if (begunIn == epoch && floor < ceiling) {
      late++;
      learnIfFull();
    }
  }

  private void learnIfFull() {
    var all = inTime + late;
    if (all < window.length) {
      return;
    }
    if (late > inTime) {
      trial = null;
      move(Math.max(floor, limit / 2), 0);
    } else if (hadToWait) {
      Arrays.sort(window, 0, inTime);
      var median = window[inTime / 2];
      learn(median, (double) limit * inTime / all / Math.max(1, median));
    }
    newWindow();
  }

  private void learn(long median, double done) {
    var under = trial;
    if (under != null) {
      trial = null;
      judge(under, median, done);
    } else if (median < FAST_NANOS && limit < FAST_MAX) {
      move(Math.min(FAST_MAX, more(median)), 0);
    } else if (known > 0 && done < known * CLEARLY_LESS) {
      tryInstead(Math.max(floor, limit / 2), done);
    } else {
      known = known == 0 ? done : known;
      if (++quietWindows >= patienceWindows) {
        tryInstead(more(median), done);
      }
    }
  }

  private int more(long median) {
    return Math.min(ceiling, limit * (median * BOLD <= BOLD_NANOS ? BOLD : CAREFUL));
  }

  private void judge(Trial before, long median, double done) {
    var more = limit > before.limit();
    var half = before.limit() * CAREFUL;
    if (limit > half && done > before.done() * CLEARLY_MORE && done < before.done() * CAREFUL) {
      patienceWindows = BOLD;
      move(half, done);
    } else if (done > before.done() * (more ? CLEARLY_MORE : AS_MUCH)) {
      known = done;
      patienceWindows = 1;
      tryInstead(more ? more(median) : Math.max(floor, limit / 2), done);
    } else {
      patienceWindows = Math.min(PATIENCE_MAX_WINDOWS, patienceWindows * 4);
      move(before.limit(), before.done());
    }
  }

  private void tryInstead(int other, double done) {
    quietWindows = 0;
    if (other == limit) {
      known = done;
    } else {
      trial = new Trial(limit, done);
      move(other, done);
    }
  }

  private void move(int to, double done) {
    if (to != limit) {
      limit = to;
      epoch++;
    }
    known = done;
    quietWindows = 0;
  }

  /** Half of what may be in flight: those that a doubled limit has let in at once. */
  private void newWindow() {
    window = new long[Math.max(WINDOW_MIN, limit / 2)];
    inTime = 0;
    late = 0;
    hadToWait = false;
  }
}
