package io.csi4j.e2e.sandbox.store;

import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * One reader of a shelf's log. It holds no queue: a slow reader costs nothing, and is told 410 when
 * the log has forgotten what it would need. Used by one thread.
 */
public final class Watch {
  private static final int BATCH_CHANGES_MAX = 1000;

  private final ReentrantLock lock;
  private final Shelf shelf;
  private final LongSupplier storeRevision;
  private long position;

  Watch(ReentrantLock lock, Shelf shelf, LongSupplier storeRevision, long position) {
    this.lock = lock;
    this.shelf = shelf;
    this.storeRevision = storeRevision;
    this.position = position;
  }

  /** How far this reader has come. */
  public long position() {
    return position;
  }

  /**
   * The next changes; empty if none came in time, or as soon as it is woken and no longer goes on.
   */
  public List<Change> next(long timeoutNanos, BooleanSupplier goesOn) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var left = timeoutNanos;
      while (true) {
        if (!shelf.remembers(position)) {
          throw ApiFailure.expired(
              "too old resource version: %d (%d)".formatted(position, shelf.floor()));
        }
        var changes = shelf.changesAfter(position).stream().limit(BATCH_CHANGES_MAX).toList();
        if (!changes.isEmpty()) {
          position = changes.getLast().revision();
          return changes;
        }
        // Nothing of this kind up to now: a bookmark may say so.
        position = Math.max(position, storeRevision.getAsLong());
        if (left <= 0 || !goesOn.getAsBoolean()) {
          return List.of();
        }
        left = shelf.grown().awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
