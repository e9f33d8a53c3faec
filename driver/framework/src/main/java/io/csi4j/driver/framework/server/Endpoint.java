package io.csi4j.driver.framework.server;

import java.nio.file.Path;

/** Where the driver listens: a Unix socket. */
public record Endpoint(Path socket) {
  private static final String SCHEME = "unix:";

  public Endpoint {
    socket = socket.toAbsolutePath().normalize();
  }

  /** Takes {@code unix:///run/csi/csi.sock} and {@code /run/csi/csi.sock}. */
  public static Endpoint parse(String text) {
    if (text.startsWith(SCHEME)) {
      var path = text.substring(SCHEME.length());
      return parse(path.startsWith("//") ? path.substring(2) : path);
    }
    if (!text.startsWith("/") || text.endsWith("/")) {
      throw new IllegalArgumentException(
          "must be unix:///an/absolute/path.sock or /an/absolute/path.sock, not " + text);
    }
    return new Endpoint(Path.of(text));
  }
}
