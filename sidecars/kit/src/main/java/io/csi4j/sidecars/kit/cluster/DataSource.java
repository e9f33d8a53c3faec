package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a claim's volume is to be filled from.
 *
 * @param group empty for the core group
 * @param namespace empty for that of the claim
 */
public record DataSource(String group, String kind, String namespace, String name) {

  static @Nullable DataSource read(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    var parts = Fields.texts(json, _ -> true);
    return new DataSource(
        parts.getOrDefault("apiGroup", "").intern(),
        parts.getOrDefault("kind", "").intern(),
        parts.getOrDefault("namespace", "").intern(),
        parts.getOrDefault("name", ""));
  }
}
