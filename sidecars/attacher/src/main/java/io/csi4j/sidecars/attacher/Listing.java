package io.csi4j.sidecars.attacher;

import java.util.Map;
import java.util.Set;

/** Which volumes the driver says are published where. */
sealed interface Listing {

  /** By volume ID: the IDs of the nodes. */
  record Complete(Map<String, Set<String>> nodesByVolume) implements Listing {
    boolean has(String volumeId, String nodeId) {
      return nodesByVolume.getOrDefault(volumeId, Set.of()).contains(nodeId);
    }
  }

  /** Nothing follows from half a list. */
  record Broken(String reason) implements Listing {}
}
