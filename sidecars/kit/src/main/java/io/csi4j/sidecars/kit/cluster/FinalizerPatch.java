package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.csi4j.sidecars.kit.doors.Meta;

/**
 * Operations on one finalizer that leave all others alone, whoever adds or removes them meanwhile:
 * each tests what it knew of the list, so that a stale view ends in a conflict and not in a
 * finalizer lost or brought back. And each tests the UID: a request of a process that has died may
 * arrive late, when an object of the same name has come that it knows nothing of.
 */
public final class FinalizerPatch {
  private static final String LIST = "/metadata/finalizers";

  private FinalizerPatch() {}

  public static ArrayNode add(Meta meta, String finalizer) {
    var operations = sameObject(meta);
    if (meta.finalizers().isEmpty()) {
      // An absent list passes this test at the API server, and one that came meanwhile does not.
      operations.addObject().put("op", "test").put("path", LIST).putNull("value");
      operations.addObject().put("op", "add").put("path", LIST).putArray("value").add(finalizer);
    } else {
      operations.addObject().put("op", "add").put("path", LIST + "/-").put("value", finalizer);
    }
    return operations;
  }

  /**
   * The finalizer must be in the list. It may be there twice, where two have added it at once; from
   * the end on, so that each place is still the one that was seen.
   */
  public static ArrayNode remove(Meta meta, String finalizer) {
    if (!meta.hasFinalizer(finalizer)) {
      throw new IllegalStateException("%s has no finalizer %s".formatted(meta.key(), finalizer));
    }
    var operations = sameObject(meta);
    for (var index = meta.finalizers().size() - 1; index >= 0; index--) {
      if (meta.finalizers().get(index).equals(finalizer)) {
        var place = LIST + "/" + index;
        operations.addObject().put("op", "test").put("path", place).put("value", finalizer);
        operations.addObject().put("op", "remove").put("path", place);
      }
    }
    return operations;
  }

  private static ArrayNode sameObject(Meta meta) {
    var operations = JsonNodeFactory.instance.arrayNode();
    operations.addObject().put("op", "test").put("path", "/metadata/uid").put("value", meta.uid());
    return operations;
  }
}
