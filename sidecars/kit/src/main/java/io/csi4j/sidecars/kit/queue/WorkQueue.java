package io.csi4j.sidecars.kit.queue;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands each key to at most one worker at a time; {@link Turns} say in which order.
 *
 * <p>A key is <i>waiting</i> (in {@code turns}, once), <i>worked on</i> (in {@code working}), or
 * both: then it was added meanwhile and is handed out again afterwards. A delayed key is neither
 * until its time comes; of two delays for one key the earlier counts, and a plain add does not
 * cancel the delay, so that a run that was promised happens.
 *
 * <p>There are no idle worker threads: each running key has a fiber of its own. A worker that takes
 * a key hires the next one if there is another key to be taken, so at most one has nothing to do.
 */
public final class WorkQueue<K> implements AutoCloseable {

  /** Works on a key; what it throws is a bug, which it must keep to itself. */
  @FunctionalInterface
  public interface Worker<K> {
    void work(K key);
  }

  private final String name;
  private final Time time;
  private final Worker<K> worker;
  private final QueueObserver observer;

  private final Object lock = new Object();

  // All below are guarded by lock.
  private final Turns<K> turns;
  private final Set<K> dirty = new HashSet<>();
  private final Set<K> working = new HashSet<>();
  private final Map<K, Delay> delays = new HashMap<>();

  /** Since when a key waits. */
  private final Map<K, Long> waitingSince = new HashMap<>();

  private int workers;
  private boolean started;
  private boolean closed;

  /** Raised when the last worker leaves; missing where nobody waits for that. */
  private Time.@Nullable Signal idle;

  public WorkQueue(String name, Time time, int workersMax, Worker<K> worker) {
    this(name, time, workersMax, worker, QueueObserver.NOBODY);
  }

  public WorkQueue(
      String name, Time time, int workersMax, Worker<K> worker, QueueObserver observer) {
    this(name, time, new InOrder<>(workersMax), worker, observer);
  }

  public WorkQueue(
      String name, Time time, Turns<K> turns, Worker<K> worker, QueueObserver observer) {
    this.name = name;
    this.time = time;
    this.turns = turns;
    this.worker = worker;
    this.observer = observer;
  }

  /** From now on keys are worked on; those that came earlier have waited. */
  public void start() {
    synchronized (lock) {
      started = true;
      hire();
    }
  }

  public void add(K key) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (!dirty.add(key)) {
        if (!working.contains(key)) {
          turns.addedAgain(key);
          hire();
        }
        return;
      }
      waitingSince.put(key, time.nanos());
      if (!working.contains(key)) {
        turns.add(key);
        hire();
      }
      observer.added(turns.waiting());
    }
  }

  /** Adds the key after a while; if it already waits for a time, the earlier one counts. */
  public void addAfter(K key, Duration delay) {
    if (delay.isNegative() || delay.isZero()) {
      add(key);
      return;
    }
    synchronized (lock) {
      if (closed) {
        return;
      }
      observer.delayed();
      var due = time.nanos() + delay.toNanos();
      var known = delays.get(key);
      if (known != null) {
        if (known.dueNanos() - due <= 0) {
          return;
        }
        known.timer().cancel();
      }
      delays.put(key, new Delay(due, time.after(delay, () -> expired(key, due))));
    }
  }

  /**
   * Ends: keys that wait are still worked on unless their turns say otherwise, delayed ones are
   * dropped, new ones ignored.
   */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      delays.values().forEach(delay -> delay.timer().cancel());
      delays.clear();
      turns.close();
    }
  }

  /** Waits until nothing is worked on any more, or until the limit has passed; says which. */
  public boolean awaitIdle(Duration limit) {
    Time.Signal signal;
    synchronized (lock) {
      if (workers == 0) {
        return true;
      }
      if (idle == null) {
        idle = time.signal();
      }
      signal = idle;
    }
    return signal.await(limit);
  }

  /** How many keys wait to be worked on. */
  public int depth() {
    synchronized (lock) {
      return turns.waiting();
    }
  }

  private void expired(K key, long dueNanos) {
    synchronized (lock) {
      var known = delays.get(key);
      if (known == null || known.dueNanos() != dueNanos) {
        return;
      }
      delays.remove(key);
    }
    add(key);
  }

  /** Hires one worker if there is a key for it and nobody who is about to take one. */
  private void hire() {
    if (started && workers == working.size() && turns.ready()) {
      workers++;
      time.spawn(name + " worker", this::runWorker);
    }
  }

  private void runWorker() {
    while (true) {
      K key;
      long begun;
      synchronized (lock) {
        key = turns.next();
        if (key == null) {
          leave();
          return;
        }
        dirty.remove(key);
        working.add(key);
        hire();
        var since = waitingSince.remove(key);
        begun = time.nanos();
        observer.begun(turns.waiting(), Duration.ofNanos(since == null ? 0 : begun - since), begun);
      }
      try {
        worker.work(key);
      } finally {
        done(key, begun);
      }
    }
  }

  private void leave() {
    workers--;
    if (workers == 0 && idle != null) {
      idle.raise();
      idle = null;
    }
  }

  private void done(K key, long begun) {
    synchronized (lock) {
      observer.done(begun, Duration.ofNanos(time.nanos() - begun));
      working.remove(key);
      turns.done(key);
      if (dirty.contains(key)) {
        turns.add(key);
      }
    }
  }

  private record Delay(long dueNanos, Time.Timer timer) {}
}
