package io.csi4j.sidecars.kit.cluster.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/** What the server sends: lines while it speaks HTTP, bytes while it sends a body. */
final class Incoming {
  private static final int BUFFER = 8 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;

  Incoming(InputStream in) {
    this.in = in;
  }

  /** Whether anything has come that nobody has read. */
  boolean hasMore() {
    return next < end;
  }

  /** Returns when something has come; fails as reading does. */
  void await() throws IOException {
    if (next == end) {
      next = 0;
      end = 0;
      var count = in.read(buffer, 0, BUFFER);
      if (count < 0) {
        throw new EOFException("the server closed the connection");
      }
      end = count;
    }
  }

  /** Up to the next line's end, without it. */
  String line() throws IOException {
    var start = next;
    while (true) {
      for (; next < end; next++) {
        if (buffer[next] == '\n') {
          var length = next - start;
          next++;
          return text(start, length);
        }
      }
      if (start > 0) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        next -= start;
        start = 0;
      }
      if (end == BUFFER) {
        throw new ProtocolException("a line of more than %d bytes".formatted(BUFFER));
      }
      var count = in.read(buffer, end, BUFFER - end);
      if (count < 0) {
        throw new EOFException("the server closed the connection");
      }
      end += count;
    }
  }

  private String text(int start, int length) {
    var withoutReturn = length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length;
    return new String(buffer, start, withoutReturn, StandardCharsets.ISO_8859_1);
  }

  /** As {@link InputStream#read(byte[], int, int)}; what is large goes past the buffer. */
  int read(byte[] to, int offset, int length) throws IOException {
    if (next == end) {
      if (length >= BUFFER) {
        return in.read(to, offset, length);
      }
      try {
        await();
      } catch (EOFException _) {
        return -1;
      }
    }
    var count = Math.min(length, end - next);
    System.arraycopy(buffer, next, to, offset, count);
    next += count;
    return count;
  }
}
