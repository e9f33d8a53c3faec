package io.csi4j.sidecars.kit.cluster.http;

import java.net.URI;

/** The server, as its address says, and how a request names what it wants of it. */
record Origin(boolean tls, String host, int port, String prefix, boolean absolute) {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  /** {@code absolute}: a proxy stands between that must be told the whole address. */
  static Origin of(String address, boolean absolute) {
    var uri = URI.create(address);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("no address of an API server: " + address);
    }
    var tls = "https".equalsIgnoreCase(uri.getScheme());
    var port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS : HTTP;
    var path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    return new Origin(tls, uri.getHost(), port, path, absolute);
  }

  String target(String pathAndQuery) {
    var path = prefix + pathAndQuery;
    return absolute ? "http://" + hostHeader() + path : path;
  }

  /** IPv6 addresses keep their brackets here, and nowhere else. */
  String hostHeader() {
    return port == (tls ? HTTPS : HTTP) ? host : authority();
  }

  String authority() {
    return host + ":" + port;
  }

  String hostName() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
