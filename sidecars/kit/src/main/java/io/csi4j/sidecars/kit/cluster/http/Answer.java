package io.csi4j.sidecars.kit.cluster.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * What was answered, with the body still to be read. Closing gives the connection back where the
 * body has been read to its end, and ends it at once where not.
 */
public record Answer(int code, String retryAfter, InputStream body) implements Closeable {

  public boolean isSuccessful() {
    return code >= 200 && code < 300;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
