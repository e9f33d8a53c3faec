package io.csi4j.sidecars.kit.cluster.http;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Locale;

/** The part of an answer that comes before its body: what of it is needed to read the rest. */
record Head(int code, Length length, boolean keepsOpen, String retryAfter) {
  private static final int STATUS_START = "HTTP/1.1 ".length();
  private static final int INTERIM_END = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int LINES_MAX = 200;

  /** How the end of the body is found. */
  sealed interface Length {
    record Known(long bytes) implements Length {}

    record Chunked() implements Length {}

    /** The server closes the connection behind it. */
    record UntilClosed() implements Length {}
  }

  /** The first answer that is final; some servers and proxies send word before it. */
  static Head read(Incoming in) throws IOException {
    while (true) {
      var head = one(in);
      if (head.code >= INTERIM_END) {
        return head;
      }
    }
  }

  private static Head one(Incoming in) throws IOException {
    var status = in.line();
    var code = code(status);
    Length length = new Length.UntilClosed();
    var keepsOpen = status.startsWith("HTTP/1.1");
    var retryAfter = "";
    for (var lines = 0; ; lines++) {
      var line = in.line();
      if (line.isEmpty()) {
        break;
      }
      if (lines == LINES_MAX) {
        throw new ProtocolException("more than %d header lines".formatted(LINES_MAX));
      }
      var colon = line.indexOf(':');
      if (colon < 0) {
        throw new ProtocolException("not a header: " + line);
      }
      var value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = known(length, value);
        case "transfer-encoding" -> length = chunked(value);
        case "connection" -> keepsOpen = keepsOpen && !value.equalsIgnoreCase("close");
        case "retry-after" -> retryAfter = value;
        default -> {}
      }
    }
    if (code < INTERIM_END || code == NO_CONTENT || code == NOT_MODIFIED) {
      length = new Length.Known(0);
    }
    return new Head(code, length, keepsOpen && !(length instanceof Length.UntilClosed), retryAfter);
  }

  private static int code(String status) throws ProtocolException {
    var digits = STATUS_START + 3;
    if (status.startsWith("HTTP/1.") && status.length() >= digits) {
      var code = status.substring(STATUS_START, digits);
      if (code.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Integer.parseInt(code);
      }
    }
    throw new ProtocolException("not an answer in HTTP/1.1: " + status);
  }

  /** Chunks win where both are given, as RFC 9112 has it. */
  private static Length known(Length before, String value) throws ProtocolException {
    if (before instanceof Length.Chunked) {
      return before;
    }
    if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(Character::isDigit)) {
      throw new ProtocolException("Content-Length: " + value);
    }
    return new Length.Known(Long.parseLong(value));
  }

  private static Length chunked(String value) throws ProtocolException {
    if (!value.equalsIgnoreCase("chunked")) {
      throw new ProtocolException("Transfer-Encoding: " + value);
    }
    return new Length.Chunked();
  }
}
