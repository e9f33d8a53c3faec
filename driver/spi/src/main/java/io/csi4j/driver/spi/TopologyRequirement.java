package io.csi4j.driver.spi;

import java.util.List;

/**
 * From where a volume must be reachable.
 *
 * @param requisite at least from one of these; empty for no restriction
 * @param preferred the same, best first
 */
public record TopologyRequirement(List<Topology> requisite, List<Topology> preferred) {
  public static final TopologyRequirement NONE = new TopologyRequirement(List.of(), List.of());

  public TopologyRequirement {
    requisite = List.copyOf(requisite);
    preferred = List.copyOf(preferred);
  }
}
