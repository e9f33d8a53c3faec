package io.csi4j.sidecars.attacher;

import java.nio.charset.StandardCharsets;

/** Messages for a status that the API server limits; what does not fit is cut out of the middle. */
final class ErrorText {
  private static final int BYTES_MAX = 1024;
  private static final String CUT = " [...] ";

  private ErrorText() {}

  static String fit(String message) {
    if (bytes(message) <= BYTES_MAX) {
      return message;
    }
    var half = (BYTES_MAX - bytes(CUT)) / 2;
    return head(message, half) + CUT + tail(message, half);
  }

  private static String head(String text, int bytesMax) {
    var end = Math.min(text.length(), bytesMax);
    while (bytes(text.substring(0, end)) > bytesMax) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end);
  }

  private static String tail(String text, int bytesMax) {
    var begin = Math.max(0, text.length() - bytesMax);
    if (begin > 0 && Character.isLowSurrogate(text.charAt(begin))) {
      begin++;
    }
    while (bytes(text.substring(begin)) > bytesMax) {
      begin = text.offsetByCodePoints(begin, 1);
    }
    return text.substring(begin);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
