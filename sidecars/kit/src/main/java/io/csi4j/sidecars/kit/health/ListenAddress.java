package io.csi4j.sidecars.kit.health;

import java.net.InetSocketAddress;

/**
 * Where to listen, in the form {@code host:port}; without a host on all addresses, of both IP
 * families.
 */
public record ListenAddress(String host, int port) {
  private static final int PORT_MAX = 65_535;
  private static final String ALLOWED = "host:port, such as :9808, 127.0.0.1:9808 or [::1]:9808";

  /** Throws {@link IllegalArgumentException} with what is allowed. */
  public static ListenAddress parse(String text) {
    var colon = text.lastIndexOf(':');
    var digits = text.substring(colon + 1);
    if (colon < 0 || !digits.matches("\\d{1,5}") || Integer.parseInt(digits) > PORT_MAX) {
      throw new IllegalArgumentException(ALLOWED);
    }
    var host = text.substring(0, colon);
    var bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.contains(":")) {
      throw new IllegalArgumentException(ALLOWED);
    }
    return new ListenAddress(
        bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(digits));
  }

  public InetSocketAddress socket() {
    return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[%s]:%d".formatted(host, port) : "%s:%d".formatted(host, port);
  }
}
