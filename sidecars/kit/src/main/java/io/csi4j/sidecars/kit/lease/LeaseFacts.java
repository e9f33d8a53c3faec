package io.csi4j.sidecars.kit.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that one try may look at.
 *
 * @param identity who we are
 * @param seen the lease as last seen; missing where there is none, or it was never looked at
 * @param nowNanos this process's own clock, which only goes forward
 */
record LeaseFacts(String identity, Source source, @Nullable Seen seen, long nowNanos) {

  /** Where {@code seen} comes from. */
  enum Source {
    /** From an earlier try: the server may have another by now. */
    MEMORY,
    /** From the server, just now. */
    SERVER
  }

  /** A lease, and since when this process has seen it with this very record. */
  record Seen(Lease lease, long sinceNanos) {

    /** Whether the holder still has it, for all that this process can know. */
    boolean valid(long nowNanos) {
      return left(nowNanos).isPositive();
    }

    /** Until then nobody else may take it. */
    Duration left(long nowNanos) {
      return lease.record().duration().minusNanos(nowNanos - sinceNanos);
    }

    boolean heldBy(String identity) {
      return lease.record().holder().equals(identity);
    }

    boolean free() {
      return lease.record().holder().isEmpty();
    }
  }
}
