package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One term of leading, from winning the lease to losing it or being asked to end. A later term of
 * the same process is another object, so work of an earlier one stays shut out.
 *
 * <p>It is <i>ended</i> when the work shall come to its end, and <i>lost</i> when it may write no
 * more. Being asked to end ends it only: what is in hand is still finished.
 */
public final class Leadership {
  private static final Duration LONG = Duration.ofDays(1);

  private final Time time;
  private final Time.Signal ended;

  /** How long after the last renewal writes are let through; missing where no lease is at stake. */
  private final @Nullable Duration lease;

  private volatile long renewedNanos;
  private volatile State state = State.HELD;

  private enum State {
    HELD,
    /** The lease could not be kept. */
    TAKEN,
    /** The work was over before the lease was given back. */
    RESIGNED
  }

  private Leadership(Time time, @Nullable Duration lease, long renewedNanos) {
    this.time = time;
    this.ended = time.signal();
    this.lease = lease;
    this.renewedNanos = renewedNanos;
  }

  static Leadership of(Time time, Duration lease, long wonNanos) {
    return new Leadership(time, lease, wonNanos);
  }

  /** Where no election takes place: never lost. */
  static Leadership unopposed(Time time) {
    return new Leadership(time, null, time.nanos());
  }

  /** Waits until the work shall end. */
  public void awaitEnd() {
    while (!ended.await(LONG)) {
      // A signal wants a limit; leading has none.
    }
  }

  /**
   * Whether writes may pass. The clock is asked, too: a process that was stopped for a while finds
   * its lease run out before its timers do.
   */
  public boolean holds() {
    return state == State.HELD && (lease == null || age().compareTo(lease) < 0);
  }

  /** The same cluster, through which nothing is written once this term is lost. */
  public Cluster fence(Cluster cluster) {
    return new FencedCluster(cluster, this);
  }

  /** The same driver, which is not called once this term is lost. */
  public Driver fence(Driver driver) {
    return new FencedDriver(driver, this);
  }

  /**
   * A write that is refused ends the term, also where the lease has only run out by the clock and
   * could still be renewed: whoever was refused gives up for good, and only a new term begins anew.
   */
  public void check(String what) {
    if (!holds()) {
      if (state == State.HELD) {
        lose();
      }
      throw new Deposed(what);
    }
  }

  void renewed(long sinceNanos) {
    renewedNanos = sinceNanos;
  }

  /** Since the last renewal. */
  Duration age() {
    return Duration.ofNanos(time.nanos() - renewedNanos);
  }

  void end() {
    ended.raise();
  }

  void lose() {
    state = State.TAKEN;
    ended.raise();
  }

  void resign() {
    state = State.RESIGNED;
    ended.raise();
  }

  /** Whether it was lost against the will of this process. */
  boolean taken() {
    return state == State.TAKEN;
  }
}
