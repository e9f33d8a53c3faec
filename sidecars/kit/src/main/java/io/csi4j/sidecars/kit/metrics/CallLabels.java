package io.csi4j.sidecars.kit.metrics;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is told of a call beyond driver, method and code.
 *
 * @param fallbacks by label, what a call has that says nothing of it
 */
record CallLabels(SortedMap<String, String> fallbacks) {
  private static final List<String> USUAL =
      List.of("driver_name", "method_name", "grpc_status_code");

  /**
   * Drivers that took over from a plugin inside Kubernetes. The Go sidecars mark each of their
   * calls with whether it was for a volume of the old plugin, and dashboards ask for it.
   */
  private static final Set<String> WITH_AN_ANCESTOR =
      Set.of(
          "cinder.csi.openstack.org",
          "csi.vsphere.vmware.com",
          "disk.csi.azure.com",
          "ebs.csi.aws.com",
          "file.csi.azure.com",
          "pd.csi.storage.gke.io",
          "pxd.portworx.com");

  CallLabels(Map<String, String> fallbacks) {
    this(new TreeMap<>(fallbacks));
  }

  CallLabels {
    for (var usual : USUAL) {
      if (fallbacks.containsKey(usual)) {
        throw new IllegalArgumentException("label %s is that of every call".formatted(usual));
      }
    }
  }

  static CallLabels ofDriver(String name) {
    return new CallLabels(WITH_AN_ANCESTOR.contains(name) ? Map.of("migrated", "false") : Map.of());
  }

  String[] names() {
    return Stream.concat(USUAL.stream(), fallbacks.keySet().stream()).toArray(String[]::new);
  }

  /** In the order of the names. */
  String[] values(String driver, String method, String code, Map<String, String> given) {
    for (var name : given.keySet()) {
      if (!fallbacks.containsKey(name)) {
        throw new IllegalArgumentException(
            "label %s: no such label; there are: %s".formatted(name, fallbacks.keySet()));
      }
    }
    return Stream.concat(
            Stream.of(driver, method, code),
            fallbacks.entrySet().stream()
                .map(each -> given.getOrDefault(each.getKey(), each.getValue())))
        .toArray(String[]::new);
  }
}
