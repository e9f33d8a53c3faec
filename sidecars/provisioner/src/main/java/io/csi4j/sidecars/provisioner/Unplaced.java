package io.csi4j.sidecars.provisioner;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A claim that this node has left to the others, and since when. Pure: no I/O, no clock, no log.
 *
 * @param uid of the claim
 * @param toldNanos when it was last told that no node takes it; missing before the first time
 */
record Unplaced(String uid, long sinceNanos, @Nullable Long toldNanos) {

  /** By then each node has had a turn, and one with room would have taken the claim. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** The API server keeps an event for an hour. */
  private static final Duration TELL_EACH = Duration.ofHours(1);

  /** What is known after one more look that came to the same. */
  static Unplaced after(@Nullable Unplaced before, String uid, long nowNanos) {
    return before == null || !before.uid.equals(uid) ? new Unplaced(uid, nowNanos, null) : before;
  }

  /** Whether the owner of the claim is to be told now. */
  boolean isToBeTold(long nowNanos, Duration patience) {
    return toldNanos == null
        ? age(nowNanos).compareTo(patience) >= 0
        : Duration.ofNanos(nowNanos - toldNanos).compareTo(TELL_EACH) >= 0;
  }

  Unplaced told(long nowNanos) {
    return new Unplaced(uid, sinceNanos, nowNanos);
  }

  Duration age(long nowNanos) {
    return Duration.ofNanos(nowNanos - sinceNanos);
  }
}
