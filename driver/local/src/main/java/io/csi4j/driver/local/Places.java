package io.csi4j.driver.local;

import io.csi4j.driver.spi.Topology;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What this node's place is called, and whether something on it is where it is wanted. Pure. */
final class Places {
  private static final Pattern KUBERNETES_OWN = Pattern.compile("\\.(k8s|kubernetes)\\.io$");

  private Places() {}

  /**
   * Of the label that names this node's place: the driver's name, without the domains in which
   * Kubernetes lets no node label itself (its NodeRestriction). That of hostpath.csi.k8s.io becomes
   * hostpath.csi, as it is with the driver of that name.
   */
  static String domain(String driverName) {
    return KUBERNETES_OWN.matcher(driverName).replaceFirst("");
  }

  /**
   * @param here this node's place; null when topology is off, and then everything is everywhere
   * @param requisite at least one of these must be reachable; empty for no restriction
   */
  static boolean reachable(@Nullable Topology here, List<Topology> requisite) {
    return here == null
        || requisite.isEmpty()
        || requisite.stream().anyMatch(place -> fits(here, place));
  }

  /** A place fits when it says nothing that contradicts ours. */
  static boolean fits(Topology here, Topology place) {
    return here.segments().entrySet().stream()
        .allMatch(own -> own.getValue().equals(place.segments().get(own.getKey())));
  }
}
