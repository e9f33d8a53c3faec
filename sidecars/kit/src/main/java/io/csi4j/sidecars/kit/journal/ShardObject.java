package io.csi4j.sidecars.kit.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.random.RandomGenerator;

/** A ConfigMap of the journal; written back whole, so that labels of others stay. */
record ShardObject(Meta meta, ShardContent content, ObjectNode whole) implements Resource {
  private static final ObjectMapper TREES = new ObjectMapper();

  /** Which process took the object over last. */
  private static final String TERM = "csi4j.io/term";

  static final Kind<ShardObject> KIND =
      new Kind<>("", "v1", "configmaps", "ConfigMap", Kind.Scope.NAMESPACED, ShardObject::read);

  private static ShardObject read(JsonParser json) throws IOException {
    ObjectNode whole = TREES.readTree(json);
    var entries = new LinkedHashMap<String, String>();
    whole
        .path("data")
        .properties()
        .forEach(entry -> entries.put(entry.getKey(), entry.getValue().asText()));
    try (var metadata = whole.path("metadata").traverse()) {
      metadata.nextToken();
      return new ShardObject(
          MetaFields.read(metadata), new ShardContent(entries), whole.deepCopy());
    }
  }

  static ObjectNode create(ObjectKey key, ShardContent content, String term) {
    var object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("namespace", key.namespace()).put("name", key.name());
    mark(object, term);
    write(object, content);
    return object;
  }

  /**
   * The same content under another version: a write that changes nothing would keep the old one.
   */
  ObjectNode inTerm(String term) {
    var object = whole.deepCopy();
    mark(object, term);
    return object;
  }

  /** Unlike any before it. */
  static String newTerm(RandomGenerator random) {
    return Long.toHexString(random.nextLong());
  }

  private static void mark(ObjectNode object, String term) {
    object.withObject("/metadata/annotations").put(TERM, term);
  }

  ObjectNode with(ShardContent next) {
    var object = whole.deepCopy();
    write(object, next);
    return object;
  }

  private static void write(ObjectNode object, ShardContent content) {
    var data = object.putObject("data");
    content.entries().forEach(data::put);
  }
}
