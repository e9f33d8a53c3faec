package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.Meta;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the driver is told of a claim's namespace; only what is named, because the values are the
 * users'. Pure.
 */
record NamespaceKeys(List<String> labels, List<String> annotations) {
  static final NamespaceKeys NONE = new NamespaceKeys(List.of(), List.of());

  boolean isNone() {
    return labels.isEmpty() && annotations.isEmpty();
  }

  /** As parameters of the volume; what the namespace does not have is left out. */
  Map<String, String> parameters(Meta namespace) {
    var told = new TreeMap<String, String>();
    put(told, "labels", labels, namespace.labels());
    put(told, "annotations", annotations, namespace.annotations());
    return told;
  }

  private static void put(
      Map<String, String> told, String what, List<String> keys, Map<String, String> values) {
    for (var key : keys) {
      if (values.containsKey(key)) {
        told.put("%snamespace/%s/%s".formatted(Names.RESERVED, what, key), values.get(key));
      }
    }
  }
}
