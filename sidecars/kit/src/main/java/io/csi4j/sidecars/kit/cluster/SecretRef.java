package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.io.IOException;

/** Where a secret is; never what is in it. */
public final class SecretRef {

  private SecretRef() {}

  static ObjectKey read(JsonParser json) throws IOException {
    var parts = new String[] {"", ""};
    Fields.each(
        json,
        field -> {
          switch (field) {
            case "namespace" -> parts[0] = Fields.sharedText(json);
            case "name" -> parts[1] = Fields.sharedText(json);
            default -> {}
          }
        });
    return new ObjectKey(parts[0], parts[1]);
  }
}
