package io.csi4j.sidecars.kit.csi;

import java.nio.file.Path;

/** Where a CSI socket is: {@code /csi/csi.sock} or {@code unix:///csi/csi.sock}. */
public record SocketAddress(Path path) {
  private static final String SCHEME = "unix://";

  /** The longest path that the kernel takes for a Unix socket. */
  private static final int PATH_BYTES_MAX = 107;

  /** Throws {@link IllegalArgumentException} with what is allowed. */
  public static SocketAddress parse(String text) {
    var path = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "an absolute path or unix:// and an absolute path, such as unix:///run/csi/socket");
    }
    if (path.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a path of at most %d bytes, the kernel's limit for sockets".formatted(PATH_BYTES_MAX));
    }
    return new SocketAddress(Path.of(path));
  }

  @Override
  public String toString() {
    return SCHEME + path;
  }
}
