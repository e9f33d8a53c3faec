package io.csi4j.sidecars.kit.lease;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.Map;

/**
 * A Lease. The whole object is kept, because it is written back whole: what others put there, or a
 * newer version of the API, must stay.
 */
record Lease(Meta meta, LeaseRecord record, ObjectNode whole) implements Resource {
  private static final ObjectMapper TREES = new ObjectMapper();

  static final Kind<Lease> KIND =
      new Kind<>(
          "coordination.k8s.io", "v1", "leases", "Lease", Kind.Scope.NAMESPACED, Lease::read);

  private static Lease read(JsonParser json) throws IOException {
    ObjectNode whole = TREES.readTree(json);
    try (var metadata = whole.path("metadata").traverse()) {
      metadata.nextToken();
      return new Lease(
          MetaFields.read(metadata), LeaseRecord.read(whole.path("spec")), whole.deepCopy());
    }
  }

  /** A watch may tell late what a look has brought already. */
  boolean isNewerThan(Lease other) {
    return version() > other.version();
  }

  private long version() {
    var version = meta.resourceVersion();
    return version.isEmpty() ? 0 : Long.parseLong(version);
  }

  /** That lease alone, to be followed. */
  static Kind<Lease> only(ObjectKey lease) {
    return KIND.only(Kind.Part.one(lease));
  }

  /** This object with another record in it and, where they were missing, these labels. */
  ObjectNode with(LeaseRecord next, Map<String, String> labels) {
    var object = whole.deepCopy();
    next.writeTo(object.withObjectProperty("spec"));
    if (!labels.isEmpty()) {
      var known = object.withObjectProperty("metadata").withObjectProperty("labels");
      labels.forEach(known::put);
    }
    return object;
  }
}
