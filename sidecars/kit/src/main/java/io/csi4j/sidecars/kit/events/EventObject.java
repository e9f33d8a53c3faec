package io.csi4j.sidecars.kit.events;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** An Event of the core API, of whose answers only the metadata is read. */
record EventObject(Meta meta) implements Resource {
  static final Kind<EventObject> KIND =
      new Kind<>("", "v1", "events", "Event", Kind.Scope.NAMESPACED, EventObject::read);

  private static EventObject read(JsonParser json) throws IOException {
    var meta = new Meta[] {MetaFields.none()};
    Fields.each(
        json,
        field -> {
          if (field.equals("metadata")) {
            meta[0] = MetaFields.read(json);
          }
        });
    return new EventObject(meta[0]);
  }

  /** The whole object, in the shape that the Go tools give it. */
  static ObjectNode whole(Entry entry, String component) {
    var event = entry.event();
    var about = event.about();
    var object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("name", entry.name()).put("namespace", about.eventNamespace());
    var involved = object.putObject("involvedObject");
    putIfAny(involved, "kind", about.kind());
    putIfAny(involved, "namespace", about.key().namespace());
    putIfAny(involved, "name", about.key().name());
    putIfAny(involved, "uid", about.uid());
    putIfAny(involved, "apiVersion", about.apiVersion());
    putIfAny(involved, "resourceVersion", about.resourceVersion());
    putIfAny(involved, "fieldPath", about.fieldPath());
    object.put("reason", event.reason()).put("type", event.type().text());
    object.putObject("source").put("component", component);
    object.put("reportingComponent", component).put("reportingInstance", "");
    object.put("firstTimestamp", seconds(entry.first()));
    object.setAll(counted(entry));
    return object;
  }

  /** What changes when it happens again. */
  static ObjectNode counted(Entry entry) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("count", entry.count())
        .put("lastTimestamp", seconds(entry.last()))
        .put("message", entry.event().message());
  }

  private static void putIfAny(ObjectNode object, String field, String text) {
    if (!text.isEmpty()) {
      object.put(field, text);
    }
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
