package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A Secret, read when it is needed and never kept; it does not print what it holds. */
public record Secret(Meta meta, Map<String, String> data) implements Resource {

  public static final Kind<Secret> KIND =
      new Kind<>("", "v1", "secrets", "Secret", Kind.Scope.NAMESPACED, Secret::read);

  private static Secret read(JsonParser json) throws IOException {
    var meta = new Meta[] {MetaFields.none()};
    var data = new LinkedHashMap<String, String>();
    Fields.each(
        json,
        field -> {
          switch (field) {
            case "metadata" -> meta[0] = MetaFields.read(json);
            case "data" -> Fields.each(json, key -> data.put(key, decoded(Fields.text(json))));
            default -> {}
          }
        });
    return new Secret(meta[0], Collections.unmodifiableMap(data));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Secret[" + meta.key() + ", ***]";
  }
}
