package io.csi4j.e2e.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;

/** Equality of values: 1 read as an int is 1 read as a long. */
public final class SameJson {

  private SameJson() {}

  public static boolean same(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue()) == 0;
    }
    if (one.isObject() && other.isObject()) {
      return one.size() == other.size()
          && Json.names(one).stream()
              .allMatch(name -> other.has(name) && same(one.get(name), other.get(name)));
    }
    if (one.isArray() && other.isArray()) {
      if (one.size() != other.size()) {
        return false;
      }
      for (var index = 0; index < one.size(); index++) {
        if (!same(one.get(index), other.get(index))) {
          return false;
        }
      }
      return true;
    }
    return one.equals(other);
  }
}
