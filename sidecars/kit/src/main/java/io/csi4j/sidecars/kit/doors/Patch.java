package io.csi4j.sidecars.kit.doors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A write that names the fields it means and touches no others. */
public sealed interface Patch {

  /** JSON merge patch (RFC 7396): given fields are set, null removes. */
  record Merge(ObjectNode body, Target target) implements Patch {}

  /** JSON patch (RFC 6902); its {@code test} operations are the preconditions. */
  record Operations(ArrayNode body, Target target) implements Patch {}

  /** What of the object is written. */
  enum Target {
    OBJECT,
    STATUS
  }

  Target target();

  static Patch merge(ObjectNode body) {
    return new Merge(body, Target.OBJECT);
  }

  static Patch mergeStatus(ObjectNode body) {
    return new Merge(body, Target.STATUS);
  }

  static Patch operationsOnStatus(ArrayNode body) {
    return new Operations(body, Target.STATUS);
  }

  static Patch operations(ArrayNode body) {
    return new Operations(body, Target.OBJECT);
  }
}
