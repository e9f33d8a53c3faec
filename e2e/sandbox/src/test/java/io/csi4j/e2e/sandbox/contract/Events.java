package io.csi4j.e2e.sandbox.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a watch says, line by line. */
final class Events implements AutoCloseable {
  private static final long LIMIT_SECONDS = 20;
  private static final String END = "";

  private final int code;
  private final InputStream body;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  Events(int code, InputStream body) {
    this.code = code;
    this.body = body;
    Thread.ofVirtual().name("contract-watch").start(this::read);
  }

  private void read() {
    try (var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException _) {
      // Closed by us, or cut off: an end either way.
    }
    lines.add(END);
  }

  int code() {
    return code;
  }

  record Event(String type, JsonNode object) {
    String name() {
      return object.at("/metadata/name").asText();
    }

    long version() {
      return object.at("/metadata/resourceVersion").asLong();
    }

    String brief() {
      return type + " " + name();
    }
  }

  /** The next event; fails where the watch has ended or says nothing. */
  Event next() throws IOException, InterruptedException {
    var line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (line == null || line.isEmpty()) {
      throw new AssertionError(line == null ? "the watch says nothing" : "the watch has ended");
    }
    var tree = Caller.json(line);
    return new Event(tree.path("type").asText(), tree.path("object"));
  }

  /** The same without reading what the event says. */
  void awaitLine() throws InterruptedException {
    var line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (line == null || line.isEmpty()) {
      throw new AssertionError(line == null ? "the watch says nothing" : "the watch has ended");
    }
  }

  /** The next event that is no bookmark. */
  Event nextChange() throws IOException, InterruptedException {
    var event = next();
    while (event.type().equals("BOOKMARK")) {
      event = next();
    }
    return event;
  }

  /** All events until the server ends the watch. */
  List<Event> rest() throws IOException, InterruptedException {
    var events = new ArrayList<Event>();
    while (true) {
      var line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("the watch does not end");
      }
      if (line.isEmpty()) {
        return events;
      }
      var tree = Caller.json(line);
      events.add(new Event(tree.path("type").asText(), tree.path("object")));
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
