package io.csi4j.sidecars.registrar;

import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the driver has said of itself.
 *
 * @param node empty where it was not asked
 */
record DriverWords(String name, Optional<NodeGetInfoResponse> node) {

  /** What kubelet should hear of; empty where nothing is new. Pure. */
  List<String> changesTo(DriverWords now) {
    var changes = new ArrayList<String>();
    if (!name.equals(now.name)) {
      changes.add("name");
    }
    if (node.isPresent() && now.node.isPresent()) {
      var before = node.get();
      var after = now.node.get();
      if (!before.getNodeId().equals(after.getNodeId())) {
        changes.add("node ID");
      }
      if (!before.getAccessibleTopology().equals(after.getAccessibleTopology())) {
        changes.add("topology");
      }
      if (before.getMaxVolumesPerNode() != after.getMaxVolumesPerNode()) {
        changes.add("volume limit");
      }
    }
    return changes;
  }
}
