package io.csi4j.driver.framework.server;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Who may talk to the driver: whoever can write to its socket.
 *
 * @param mode of the socket's file, as chmod(1) counts it
 * @param gid the group that it is given to; empty for that of the process
 */
public record SocketAccess(int mode, OptionalInt gid) {
  /** The owner and its group. */
  public static final SocketAccess DEFAULT = new SocketAccess(0660, OptionalInt.empty());

  private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");
  private static final int OCTAL_RADIX = 8;

  /** Takes {@code 0660} and {@code 660}. */
  public static SocketAccess parse(String mode, OptionalInt gid) {
    if (!OCTAL.matcher(mode).matches()) {
      throw new IllegalArgumentException("three octal digits, such as 0660, not " + mode);
    }
    return new SocketAccess(Integer.parseInt(mode, OCTAL_RADIX), gid);
  }
}
