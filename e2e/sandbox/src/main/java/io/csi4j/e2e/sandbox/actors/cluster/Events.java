package io.csi4j.e2e.sandbox.actors.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells users what happens to an object. The same words again are counted, not written anew. */
public final class Events {
  private static final Logger log = LoggerFactory.getLogger(Events.class);
  private static final int REMEMBERED_MAX = 4096;
  private static final long REPEAT_SECONDS_MIN = 10;

  private final Client client;
  private final String component;
  private final InstantSource clock;

  /** Guarded by itself; the oldest first. */
  private final Map<String, Told> told = new LinkedHashMap<>();

  private record Told(String name, int count, Instant at) {}

  /** How bad it is. */
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String word;

    Type(String word) {
      this.word = word;
    }
  }

  public Events(Client client, String component, InstantSource clock) {
    this.client = client;
    this.component = component;
    this.clock = clock;
  }

  public void normal(Kind kind, ObjectNode object, String reason, String message) {
    tell(kind, object, Type.NORMAL, reason, message);
  }

  public void warning(Kind kind, ObjectNode object, String reason, String message) {
    tell(kind, object, Type.WARNING, reason, message);
  }

  private void tell(Kind kind, ObjectNode object, Type type, String reason, String message) {
    var key = Json.text(object, "metadata", "uid") + "/" + reason + "/" + message;
    var now = clock.instant();
    synchronized (told) {
      var before = told.get(key);
      if (before != null && before.at.plusSeconds(REPEAT_SECONDS_MIN).isAfter(now)) {
        return;
      }
      try {
        told.put(
            key,
            before == null
                ? first(kind, object, type, reason, message, now)
                : again(object, before, now));
      } catch (ApiFailure failure) {
        // Nothing depends on an event.
        log.atDebug().addKeyValue("why", failure.text()).log("event not written");
      }
      if (told.size() > REMEMBERED_MAX) {
        told.remove(told.keySet().iterator().next());
      }
    }
  }

  private Told first(
      Kind kind, ObjectNode object, Type type, String reason, String message, Instant now) {
    var name =
        "%s.%x"
            .formatted(
                Json.text(object, "metadata", "name"),
                now.getEpochSecond() * 1_000_000_000L + now.getNano() + told.size());
    var event = Kind.EVENT.named(namespace(object), name);
    var about = event.putObject("involvedObject");
    about.put("apiVersion", kind.apiVersion()).put("kind", kind.word());
    for (var field : java.util.List.of("namespace", "name", "uid", "resourceVersion")) {
      about.put(field, Json.text(object, "metadata", field));
    }
    event.put("type", type.word).put("reason", reason).put("message", message).put("count", 1);
    event.put("firstTimestamp", Times.text(now)).put("lastTimestamp", Times.text(now));
    event.putObject("source").put("component", component);
    event.put("reportingComponent", component).put("reportingInstance", "");
    client.create(Kind.EVENT, event);
    return new Told(name, 1, now);
  }

  private Told again(ObjectNode object, Told before, Instant now) {
    var patch = Json.object().put("count", before.count + 1).put("lastTimestamp", Times.text(now));
    client.patch(Kind.EVENT, namespace(object), before.name, patch);
    return new Told(before.name, before.count + 1, now);
  }

  private static String namespace(ObjectNode object) {
    var own = Json.text(object, "metadata", "namespace");
    return own.isEmpty() ? "default" : own;
  }
}
