package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;

/** A Namespace; what counts are its labels and annotations. */
record Namespace(Meta meta) implements Resource {
  static final Kind<Namespace> KIND =
      new Kind<>("", "v1", "namespaces", "Namespace", Kind.Scope.CLUSTER, Namespace::read);

  private static Namespace read(JsonParser json) throws IOException {
    var meta = new Meta[] {MetaFields.none()};
    Fields.each(
        json,
        field -> {
          if (field.equals("metadata")) {
            meta[0] = MetaFields.read(json);
          }
        });
    return new Namespace(meta[0]);
  }
}
