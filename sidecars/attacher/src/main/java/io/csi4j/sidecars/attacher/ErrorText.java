package io.csi4j.sidecars.attacher;

import java.nio.charset.StandardCharsets;

/** Messages for a status that the API server limits; what does not fit is cut out of the middle. */
final class ErrorText {
  private static final int BYTES_MAX = 1024;
  private static final String CUT = " [...] ";

  private ErrorText() {}

  static String fit(String message) {
    var bytes = message.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= BYTES_MAX) {
      return message;
    }
    var half = (BYTES_MAX - CUT.length()) / 2;
    var head = half;
    while (isInsideCharacter(bytes[head])) {
      head--;
    }
    var tail = bytes.length - half;
    while (isInsideCharacter(bytes[tail])) {
      tail++;
    }
    return new String(bytes, 0, head, StandardCharsets.UTF_8)
        + CUT
        + new String(bytes, tail, bytes.length - tail, StandardCharsets.UTF_8);
  }

  /** In UTF-8, all bytes of a character but its first begin with the bits 10. */
  private static boolean isInsideCharacter(byte one) {
    return (one & 0xC0) == 0x80;
  }
}
