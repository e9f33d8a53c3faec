package io.csi4j.sidecars.kit.doors;

import java.util.List;
import java.util.Map;

/** What is kept of an object's metadata; {@code managedFields} and the like never get this far. */
public record Meta(
    ObjectKey key,
    String uid,
    String resourceVersion,
    boolean deleting,
    List<String> finalizers,
    Map<String, String> annotations,
    Map<String, String> labels) {

  public String name() {
    return key.name();
  }

  public String namespace() {
    return key.namespace();
  }

  public boolean hasFinalizer(String finalizer) {
    return finalizers.contains(finalizer);
  }
}
