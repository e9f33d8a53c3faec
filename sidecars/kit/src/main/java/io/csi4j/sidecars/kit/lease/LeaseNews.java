package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a watch tells of one lease. It is a help and no more: where it may not watch, or the watch
 * is broken, nothing is heard, and the lease is asked for as if there were none.
 */
final class LeaseNews {
  private static final Duration NEVER = Duration.ofDays(1);

  private final Time time;
  private final ObjectKey key;

  private final Object lock = new Object();

  // All below are guarded by lock.
  private @Nullable Heard newest;
  private long heardNanos;
  private boolean heardAny;
  private Time.Signal wake;

  /**
   * The lease as the watch brought it.
   *
   * @param lease missing where it was deleted
   * @param nanos when it arrived: never before it was written
   */
  record Heard(@Nullable Lease lease, long nanos) {}

  LeaseNews(Cluster leases, Time time, ObjectKey key) {
    this.time = time;
    this.key = key;
    this.wake = time.signal();
    leases.table(Lease.only(key)).onChange(this::changed);
  }

  /** Of several that came since, only the newest is of interest. */
  private void changed(@Nullable Lease before, @Nullable Lease after) {
    var one = after == null ? before : after;
    if (one == null || !one.key().equals(key)) {
      return;
    }
    synchronized (lock) {
      heardNanos = time.nanos();
      heardAny = true;
      newest = new Heard(after, heardNanos);
      wake.raise();
    }
  }

  /** Waits for news until the limit has passed, or somebody wakes it. */
  Optional<Heard> await(Duration limit) {
    Time.Signal signal;
    synchronized (lock) {
      signal = wake;
    }
    signal.await(limit);
    synchronized (lock) {
      var heard = Optional.ofNullable(newest);
      newest = null;
      if (wake.raised()) {
        wake = time.signal();
      }
      return heard;
    }
  }

  void wake() {
    synchronized (lock) {
      wake.raise();
    }
  }

  /** Since the watch has last said something. */
  Duration silence() {
    synchronized (lock) {
      return heardAny ? Duration.ofNanos(time.nanos() - heardNanos) : NEVER;
    }
  }
}
