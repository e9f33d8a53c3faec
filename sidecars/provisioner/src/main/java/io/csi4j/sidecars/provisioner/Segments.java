package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The places that a driver's nodes make up. Pure. */
final class Segments {
  private Segments() {}

  static Set<Term> of(List<CsiNode> csiNodes, List<Node> nodes, String driver) {
    Map<String, Node> byName =
        nodes.stream().collect(Collectors.toMap(node -> node.meta().name(), Function.identity()));
    var places = new TreeSet<Term>();
    for (var csiNode : csiNodes) {
      var entry = csiNode.driver(driver);
      var node = byName.get(csiNode.meta().name());
      if (entry == null || node == null) {
        continue;
      }
      var segments = new TreeMap<String, String>();
      for (var key : entry.topologyKeys()) {
        var value = node.meta().labels().get(key);
        if (value != null) {
          segments.put(key, value);
        }
      }
      if (segments.size() == Set.copyOf(entry.topologyKeys()).size()) {
        places.add(new Term(segments));
      }
    }
    return places;
  }
}
