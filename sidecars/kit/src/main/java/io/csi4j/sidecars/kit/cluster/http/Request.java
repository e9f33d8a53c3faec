package io.csi4j.sidecars.kit.cluster.http;

import java.nio.charset.StandardCharsets;

/**
 * What is asked. The path begins behind the server's own address; without a body the content type
 * is empty.
 */
public record Request(String method, String pathAndQuery, String contentType, String body) {

  /** Whoever repeats it changes nothing, whether or not the server has seen it before. */
  boolean isSafe() {
    return method.equals("GET");
  }

  /** Head and body in one piece, so that they are one TLS record and one system call. */
  byte[] bytes(Origin origin, String headers) {
    var content = body.getBytes(StandardCharsets.UTF_8);
    var head = new StringBuilder(512);
    head.append(method).append(' ').append(origin.target(pathAndQuery)).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(origin.hostHeader()).append("\r\n");
    head.append("Accept: application/json\r\n");
    head.append(headers);
    if (!contentType.isEmpty()) {
      head.append("Content-Type: ").append(contentType).append("\r\n");
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    head.append("\r\n");
    var start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    var all = new byte[start.length + content.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(content, 0, all, start.length, content.length);
    return all;
  }
}
