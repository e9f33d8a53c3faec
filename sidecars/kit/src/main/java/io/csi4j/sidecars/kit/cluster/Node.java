package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;

/** A Node; what counts are its labels. */
public record Node(Meta meta) implements Resource {

  public static final Kind<Node> KIND =
      new Kind<>("", "v1", "nodes", "Node", Kind.Scope.CLUSTER, Node::read);

  private static Node read(JsonParser json) throws IOException {
    var meta = new Meta[] {MetaFields.none()};
    Fields.each(
        json,
        field -> {
          if (field.equals("metadata")) {
            meta[0] = MetaFields.read(json);
          }
        });
    return new Node(meta[0]);
  }
}
