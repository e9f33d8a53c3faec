package io.csi4j.sidecars.kit.queue;

import java.time.Duration;

/** Hears what a queue does; called inside the queue's lock, so it only counts. */
public interface QueueObserver {

  QueueObserver NOBODY =
      new QueueObserver() {
        @Override
        public void added(int depth) {}

        @Override
        public void begun(int depth, Duration waited, long nanos) {}

        @Override
        public void done(long begunNanos, Duration worked) {}

        @Override
        public void delayed() {}
      };

  /** A key that did not wait yet waits now. */
  void added(int depth);

  /** {@code nanos} is when, on the queue's clock; {@link #done} names it again. */
  void begun(int depth, Duration waited, long nanos);

  void done(long begunNanos, Duration worked);

  /** A key is to come back later. */
  void delayed();
}
