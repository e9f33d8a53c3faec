package io.csi4j.sidecars.kit.cluster.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of one answer. Ends where the answer does, and not where the connection does. Who closes
 * it from another thread than the one that reads hangs up.
 */
final class Body extends InputStream {
  private static final int TRAILERS_MAX = 100;

  private final Incoming in;
  private final Head.Length length;
  private final Lender lender;
  private long left;
  private boolean ended;
  private boolean firstChunk = true;
  private final Thread reader = Thread.currentThread();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Who wants the connection back. */
  interface Lender {
    /** Is told whether the body was read to its end. */
    void takeBack(boolean atEnd);

    /** What a failure to read comes from. */
    IOException explained(IOException failure);
  }

  Body(Incoming in, Head.Length length, Lender lender) {
    this.in = in;
    this.length = length;
    this.lender = lender;
    this.left = length instanceof Head.Length.Known(var bytes) ? bytes : 0;
    this.ended = length instanceof Head.Length.Known && left == 0;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int count) throws IOException {
    try {
      return count == 0 ? 0 : some(to, offset, count);
    } catch (IOException e) {
      throw lender.explained(e);
    }
  }

  private int some(byte[] to, int offset, int count) throws IOException {
    if (left == 0 && !ended && length instanceof Head.Length.Chunked) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    if (length instanceof Head.Length.UntilClosed) {
      var read = in.read(to, offset, count);
      ended = read < 0;
      return read;
    }
    var read = in.read(to, offset, (int) Math.min(count, left));
    if (read < 0) {
      throw new EOFException("the server closed the connection within an answer");
    }
    left -= read;
    ended = left == 0 && length instanceof Head.Length.Known;
    return read;
  }

  private void nextChunk() throws IOException {
    if (!firstChunk && !in.line().isEmpty()) {
      throw new ProtocolException("a chunk is longer than it says");
    }
    firstChunk = false;
    left = chunkSize(in.line());
    if (left == 0) {
      skipTrailers();
      ended = true;
    }
  }

  private void skipTrailers() throws IOException {
    for (var lines = 0; !in.line().isEmpty(); lines++) {
      if (lines == TRAILERS_MAX) {
        throw new ProtocolException("more than %d trailers".formatted(TRAILERS_MAX));
      }
    }
  }

  private static long chunkSize(String line) throws ProtocolException {
    var extension = line.indexOf(';');
    var digits = (extension < 0 ? line : line.substring(0, extension)).strip();
    try {
      var size = Long.parseLong(digits, 16);
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new ProtocolException("not the size of a chunk: " + line);
  }

  /**
   * The end mark of chunks that have all come may still be unread: a parser stops at the last
   * brace. It is looked for only where some of it is here, because closing must not wait.
   */
  private boolean atEnd() {
    if (!ended && left == 0 && in.hasMore()) {
      try {
        nextChunk();
      } catch (IOException _) {
        return false;
      }
    }
    return ended;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      lender.takeBack(Thread.currentThread().equals(reader) && atEnd());
    }
  }
}
