package io.csi4j.sidecars.kit.cluster.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection, used for one request at a time. Whatever happens to it must happen before it is
 * due: then it is closed under whoever waits on it, be it for a name, a handshake, or room to
 * write.
 */
final class Connection {
  private static final long OVERDUE = Long.MIN_VALUE;
  private static final int PEEK_MILLIS = 1;

  /** In terms of {@link System#nanoTime}; {@link #OVERDUE} once it has been given up. */
  private final AtomicLong due;

  private volatile @Nullable Socket inHand;
  private volatile boolean aborted;

  /** Confined to who uses the connection. */
  private @Nullable Line line;

  /** What is spoken through once the connection stands. */
  private record Line(Socket socket, OutputStream out, Incoming in) {}

  Connection(long dueNanos) {
    this.due = new AtomicLong(dueNanos);
  }

  void open(Dialer dialer) throws IOException {
    var socket = dialer.connect(this::hold);
    line = new Line(socket, socket.getOutputStream(), new Incoming(socket.getInputStream()));
  }

  private void hold(Socket socket) {
    inHand = socket;
    if (aborted) {
      close(socket);
    }
  }

  void write(byte[] request) throws IOException {
    line().out.write(request);
    line().out.flush();
  }

  Incoming in() {
    return line().in;
  }

  private Line line() {
    var open = line;
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  /** Whether the server has not closed it; what it says unasked is as bad. */
  boolean isQuiet() {
    var open = line();
    try {
      open.socket.setSoTimeout(PEEK_MILLIS);
      open.in.await();
      return false;
    } catch (SocketTimeoutException _) {
      return cleared(open.socket);
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean cleared(Socket socket) {
    try {
      socket.setSoTimeout(0);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  long dueNanos() {
    return due.get();
  }

  /** False where it has been given up meanwhile. */
  boolean postpone(long dueNanos) {
    var before = due.get();
    return before != OVERDUE && due.compareAndSet(before, dueNanos);
  }

  /** Gives it up, unless its owner has postponed it meanwhile. */
  boolean expire(long seenNanos) {
    if (!due.compareAndSet(seenNanos, OVERDUE)) {
      return false;
    }
    abort();
    return true;
  }

  boolean isOverdue() {
    return due.get() == OVERDUE;
  }

  /** At once, without a word to the server, and from any thread. */
  void abort() {
    aborted = true;
    var socket = inHand;
    if (socket != null) {
      close(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }
}
