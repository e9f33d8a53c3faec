package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What goes back to the client. */
public sealed interface Answer {

  /** A body of known length. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and read once
  record Whole(int code, Map<String, String> headers, byte[] body) implements Answer {
    public Whole {
      headers = Map.copyOf(headers);
    }

    Whole with(String header, String value) {
      var more = new HashMap<>(headers);
      more.put(header, value);
      return new Whole(code, more, body);
    }
  }

  /** A body that is written while it comes into being. */
  record Streamed(Feed feed) implements Answer {}

  /** The connection is cut without a word. */
  record Cut() implements Answer {}

  /** Writes until it has nothing more to say. */
  @FunctionalInterface
  interface Feed {
    void run(Sink sink) throws IOException, InterruptedException;
  }

  /** Where a feed writes to. */
  @FunctionalInterface
  interface Sink {
    /** Sends the chunks at once; the client has them when it reads. */
    void send(byte[]... chunks) throws IOException;
  }

  /** Thrown by a feed to end the connection as if the network had. */
  final class CutOff extends IOException {
    private static final long serialVersionUID = 1L;

    public CutOff() {
      super("cut off on purpose");
    }
  }

  static Whole json(int code, JsonNode body) {
    return json(code, Json.bytes(body));
  }

  static Whole json(int code, byte[] body) {
    return new Whole(code, Map.of("Content-Type", "application/json"), body);
  }

  static Whole text(int code, String text) {
    return new Whole(
        code,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  static Whole failure(ApiFailure failure) {
    var whole = json(failure.code(), failure.status());
    return failure.retryAfterSeconds() > 0
        ? whole.with("Retry-After", Integer.toString(failure.retryAfterSeconds()))
        : whole;
  }
}
