package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The one node that this process serves, as the driver itself describes it: the cluster is not
 * asked for nodes.
 *
 * @param contests whether claims that no scheduler gives to a node are taken, too
 */
record LocalNode(String name, SortedMap<String, String> segments, boolean contests) {

  static LocalNode of(String name, NodeGetInfoResponse info, boolean contests) {
    return new LocalNode(
        name, new TreeMap<>(info.getAccessibleTopology().getSegmentsMap()), contests);
  }

  /** Whether a volume is for this node, or for all. */
  boolean holds(Volume volume) {
    return segments.isEmpty()
        || volume.affinity().isEmpty()
        || volume.affinity().stream().anyMatch(term -> term.holds(segments));
  }

  Node node() {
    return new Node(meta(segments));
  }

  CsiNode csiNode(String driver) {
    var keys = List.copyOf(segments.keySet());
    return new CsiNode(meta(Map.of()), List.of(new CsiNode.Entry(driver, name, keys)));
  }

  private Meta meta(Map<String, String> labels) {
    return new Meta(ObjectKey.cluster(name), "", "", false, List.of(), Map.of(), labels);
  }
}
