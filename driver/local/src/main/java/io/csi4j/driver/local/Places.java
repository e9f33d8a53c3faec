package io.csi4j.driver.local;

import io.csi4j.driver.spi.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether something on this node is where it is wanted. Pure. */
final class Places {
  private Places() {}

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
