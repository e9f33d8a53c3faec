package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.Map;

/** A VolumeAttributesClass: parameters that may be changed later. */
record AttributesClass(Meta meta, String driver, Map<String, String> parameters)
    implements Resource {
  static final Kind<AttributesClass> KIND =
      new Kind<>(
          "storage.k8s.io",
          "v1",
          "volumeattributesclasses",
          "VolumeAttributesClass",
          Kind.Scope.CLUSTER,
          json -> new Builder().read(json));

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private String driver = "";
    private Map<String, String> parameters = Map.of();

    AttributesClass read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> meta = MetaFields.read(json);
              case "driverName" -> driver = Fields.text(json);
              case "parameters" -> parameters = Fields.texts(json, _ -> true);
              default -> {}
            }
          });
      return new AttributesClass(meta, driver, parameters);
    }
  }
}
