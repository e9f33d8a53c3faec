package io.csi4j.e2e.sandbox.actors.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.api.Answer;
import io.csi4j.e2e.sandbox.clock.Surroundings;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one kind of the mirror up to date: a list, a watch, and again when the watch ends. */
public final class MirrorWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MirrorWatch.class);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final String USER = "system:kube-controller-manager";

  private final Kind kind;
  private final Mirror mirror;
  private final Requests requests;
  private final Surroundings surroundings;
  private final CountDownLatch synced = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;

  private MirrorWatch(Kind kind, Mirror mirror, Requests requests, Surroundings surroundings) {
    this.kind = kind;
    this.mirror = mirror;
    this.requests = requests;
    this.surroundings = surroundings;
    this.thread = surroundings.spawn().spawn("csi4j-mirror-" + kind.plural(), this::run);
  }

  public static MirrorWatch start(
      Kind kind, Mirror mirror, Door door, String token, Surroundings surroundings) {
    return new MirrorWatch(kind, mirror, new Requests(door, token, USER), surroundings);
  }

  /** Waits until the first list has come. */
  public void awaitSync() throws InterruptedException {
    synced.await();
  }

  private void run() {
    try {
      while (!closed) {
        try {
          follow(list());
        } catch (ApiFailure | IOException failure) {
          log.atDebug().addKeyValue("kind", kind).addKeyValue("why", failure).log("watch ended");
          surroundings.sleep().sleep(PAUSE);
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private String list() {
    var list = requests.ask("GET", kind.path("", "", ""), Map.of(), new byte[0]);
    var objects = new ArrayList<ObjectNode>();
    Json.items(list, "items")
        .forEach(
            item -> {
              if (item instanceof ObjectNode object) {
                objects.add(object);
              }
            });
    var version = Json.at(list, "metadata", "resourceVersion");
    mirror.replace(kind, List.copyOf(objects), version.asLong());
    synced.countDown();
    return version.asText();
  }

  private void follow(String version) throws IOException, InterruptedException {
    var query = Map.of("watch", "true", "resourceVersion", version);
    if (!(requests.send("GET", kind.path("", "", ""), query)
        instanceof Answer.Streamed(var feed))) {
      throw new IOException("the server refused to be watched");
    }
    feed.run(this::take);
  }

  /** A batch holds whole events, one a line. */
  private void take(byte[]... chunks) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (var chunk : chunks) {
      bytes.write(chunk);
    }
    for (var line : bytes.toString(java.nio.charset.StandardCharsets.UTF_8).lines().toList()) {
      event(Requests.parse(line.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
  }

  private void event(ObjectNode event) throws IOException {
    if (!(event.get("object") instanceof ObjectNode object)) {
      return;
    }
    switch (Json.text(event, "type")) {
      case "ADDED", "MODIFIED" -> mirror.learn(kind, object);
      case "DELETED" -> mirror.forget(kind, object);
      case "ERROR" -> throw new IOException(Json.text(object, "message"));
      default -> {}
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
