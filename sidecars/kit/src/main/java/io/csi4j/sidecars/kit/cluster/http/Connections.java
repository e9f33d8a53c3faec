package io.csi4j.sidecars.kit.cluster.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the server, idle or at work. The one that was used last is taken first, so
 * that those which a burst has opened grow old and are closed. One thread looks after those that
 * are due, and sleeps until the next one is.
 */
final class Connections implements AutoCloseable {
  /** Less than any server or load balancer is known to wait, which is a minute. */
  static final Duration IDLE_MAX = Duration.ofSeconds(30);

  /** Longer, and the server may have closed it: then a look costs less than a lost write. */
  private static final Duration TRUSTED = Duration.ofSeconds(1);

  /** At a time. */
  static final int DIALS_MAX = 2;

  private static final long FAR_NANOS = Duration.ofDays(1000).toNanos();

  private final Dialer dialer;
  private final Set<Connection> all = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();

  // Both are guarded by the lock.
  private final Deque<Connection> idle = new ArrayDeque<>();
  private int dialing;

  private final Thread sweeper;
  private volatile long nextSweepNanos = System.nanoTime();
  private volatile boolean closed;

  /** A connection, and whether it has served before, so that the server may have closed it. */
  record Lent(Connection connection, boolean used) {}

  Connections(Dialer dialer) {
    this.dialer = dialer;
    this.sweeper = Thread.ofVirtual().name("http connections").start(this::sweep);
  }

  /** One that is idle, now or soon, or else a new one. */
  Lent take(Duration limit) throws IOException {
    var latest = System.nanoTime() + limit.toNanos();
    for (var found = idleOrLeaveToDial(latest); found != null; found = idleOrLeaveToDial(latest)) {
      var idleSince = found.dueNanos() - IDLE_MAX.toNanos();
      var trusted = System.nanoTime() - idleSince < TRUSTED.toNanos();
      if (postpone(found, limit) && (trusted || found.isQuiet())) {
        return new Lent(found, true);
      }
      discard(found);
    }
    try {
      return fresh(limit);
    } finally {
      dialed();
    }
  }

  /**
   * Nothing where the caller is to make a connection. Only a few are made at a time: a handshake
   * costs more than most requests, so that who waits for one mostly gets what another has ended.
   */
  private @Nullable Connection idleOrLeaveToDial(long latestNanos) throws IOException {
    lock.lock();
    try {
      while (idle.isEmpty() && dialing >= DIALS_MAX && !closed) {
        if (freed.awaitNanos(latestNanos - System.nanoTime()) <= 0) {
          throw new SocketTimeoutException("no connection in time");
        }
      }
      var found = idle.poll();
      if (found == null) {
        dialing++;
      }
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private void dialed() {
    lock.lock();
    try {
      dialing--;
      freed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** A new one, whatever there is. */
  Lent fresh(Duration limit) throws IOException {
    var connection = new Connection(System.nanoTime() + limit.toNanos());
    all.add(connection);
    if (closed) {
      discard(connection);
      throw new IOException("the client is closed");
    }
    wakeFor(connection.dueNanos());
    var stands = false;
    try {
      connection.open(dialer);
      stands = true;
      return new Lent(connection, false);
    } catch (IOException e) {
      throw explained(connection, limit, e);
    } finally {
      if (!stands) {
        discard(connection);
      }
    }
  }

  /** What really happened, where a thread was told only that its socket is closed. */
  static IOException explained(Connection connection, Duration limit, IOException failure) {
    return connection.isOverdue()
        ? new IOException("not done within %d s".formatted(limit.toSeconds()), failure)
        : failure;
  }

  /** For the next request. */
  void giveBack(Connection connection) {
    if (!postpone(connection, IDLE_MAX) || closed) {
      discard(connection);
      return;
    }
    lock.lock();
    try {
      idle.push(connection);
      freed.signal();
    } finally {
      lock.unlock();
    }
  }

  void discard(Connection connection) {
    all.remove(connection);
    connection.abort();
  }

  /** Where one has gone stale, the others will have, too. */
  void discardIdle() {
    for (var found = pop(); found != null; found = pop()) {
      discard(found);
    }
  }

  int open() {
    return all.size();
  }

  private @Nullable Connection pop() {
    lock.lock();
    try {
      return idle.poll();
    } finally {
      lock.unlock();
    }
  }

  private boolean postpone(Connection connection, Duration by) {
    var due = System.nanoTime() + by.toNanos();
    var postponed = connection.postpone(due);
    wakeFor(due);
    return postponed;
  }

  private void wakeFor(long dueNanos) {
    if (dueNanos - nextSweepNanos < 0) {
      LockSupport.unpark(sweeper);
    }
  }

  private void sweep() {
    while (!closed) {
      var now = System.nanoTime();
      var wait = IDLE_MAX.toNanos();
      nextSweepNanos = now + wait;
      for (var connection : all) {
        var due = connection.dueNanos();
        if (due - now <= 0) {
          expire(connection, due);
        } else {
          wait = Math.min(wait, due - now);
        }
      }
      // Written before the look, so that who comes after the look sees it and wakes us.
      nextSweepNanos = now + FAR_NANOS;
      if (all.isEmpty()) {
        LockSupport.park(this);
      } else {
        nextSweepNanos = now + wait;
        LockSupport.parkNanos(this, wait);
      }
    }
  }

  private void expire(Connection connection, long due) {
    if (connection.expire(due)) {
      all.remove(connection);
      lock.lock();
      try {
        idle.remove(connection);
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(sweeper);
    lock.lock();
    try {
      freed.signalAll();
    } finally {
      lock.unlock();
    }
    for (var connection : all) {
      discard(connection);
    }
  }
}
