package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.Map;

/** An Event that somebody has recorded, to be shown again. */
record ToldEvent(Meta meta, Map<String, String> about, Map<String, String> texts)
    implements Resource {
  static final Kind<ToldEvent> KIND =
      new Kind<>(
          "", "v1", "events", "Event", Kind.Scope.NAMESPACED, json -> new Builder().read(json));

  boolean isAbout(String uid) {
    return uid.equals(about.get("uid"));
  }

  String last() {
    return texts.getOrDefault("lastTimestamp", "");
  }

  @Override
  public String toString() {
    return "%s %s (%s): %s"
        .formatted(
            texts.getOrDefault("type", ""),
            texts.getOrDefault("reason", ""),
            last(),
            texts.getOrDefault("message", ""));
  }

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private Map<String, String> about = Map.of();
    private final Map<String, String> texts = new java.util.TreeMap<>();

    ToldEvent read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> meta = MetaFields.read(json);
              case "involvedObject" -> about = Fields.texts(json, _ -> true);
              case "type", "reason", "message", "lastTimestamp" ->
                  texts.put(field, Fields.text(json));
              default -> {}
            }
          });
      return new ToldEvent(meta, about, texts);
    }
  }
}
