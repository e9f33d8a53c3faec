package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.TopologyRequirement;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where the driver may put a volume, as the driver is told. Pure. */
sealed interface TopologyChoice {

  /** Anywhere. */
  record Anywhere() implements TopologyChoice {}

  /** In one of {@code requisite}, sooner in the first of {@code preferred}. */
  record Places(List<Term> requisite, List<Term> preferred) implements TopologyChoice {
    TopologyRequirement message() {
      return TopologyRequirement.newBuilder()
          .addAllRequisite(requisite.stream().map(Term::message).toList())
          .addAllPreferred(preferred.stream().map(Term::message).toList())
          .build();
    }
  }

  /** The selected node is not in the cluster any more: the scheduler must choose again. */
  record NodeGone(String reason) implements TopologyChoice {}

  /** Not known yet; the cluster may still be told. */
  record Unknown(String reason) implements TopologyChoice {}

  static TopologyChoice decide(TopologyFacts facts) {
    return facts.selectedNode().isEmpty() ? immediate(facts) : late(facts);
  }

  private static TopologyChoice immediate(TopologyFacts facts) {
    var requisite = flattened(facts.allowed());
    if (facts.allowed().isEmpty()) {
      if (!facts.placing().immediate()) {
        return new Anywhere();
      }
      var keySets = keySets(facts);
      if (keySets.isEmpty()) {
        return new Unknown(
            "error generating accessibility requirements: no available topology found");
      }
      requisite = placesOf(keySets, facts.nodes());
      if (requisite.isEmpty()) {
        return new Unknown(
            "error generating accessibility requirements: no node has the labels %s"
                .formatted(keySets));
      }
    }
    if (requisite.isEmpty()) {
      return new Anywhere();
    }
    var start = StatefulSpread.startOf(facts.claimName(), requisite.size());
    return new Places(requisite, rotated(requisite, start));
  }

  private static TopologyChoice late(TopologyFacts facts) {
    var csiNode =
        facts.csiNodes().stream()
            .filter(node -> node.meta().name().equals(facts.selectedNode()))
            .findFirst();
    if (csiNode.isEmpty()) {
      return new NodeGone(
          "error getting CSINode for selected node \"%s\": csinode.storage.k8s.io \"%s\" not found"
              .formatted(facts.selectedNode(), facts.selectedNode()));
    }
    var keys = keysOf(csiNode.get(), facts.driver());
    if (keys.isEmpty()) {
      return new Unknown(
          "no topology key found on CSINode %s: the driver is not registered there (yet)"
              .formatted(facts.selectedNode()));
    }
    var place = placeOf(keys, facts);
    if (place.isEmpty()) {
      return new Unknown(
          "node %s lacks a label of the driver's topology keys %s"
              .formatted(facts.selectedNode(), keys));
    }
    return around(place.get(), keys, facts);
  }

  private static TopologyChoice around(Term place, List<String> keys, TopologyFacts facts) {
    var allowed = flattened(facts.allowed());
    if (facts.placing().strict()) {
      if (!facts.allowed().isEmpty() && allowed.stream().noneMatch(term -> term.isPartOf(place))) {
        return notAllowed(place, allowed);
      }
      return new Places(List.of(place), List.of(place));
    }
    var requisite = facts.allowed().isEmpty() ? placesOf(List.of(keys), facts.nodes()) : allowed;
    if (requisite.isEmpty()) {
      return new Anywhere();
    }
    for (var start = 0; start < requisite.size(); start++) {
      if (requisite.get(start).isPartOf(place)) {
        return new Places(requisite, rotated(requisite, start));
      }
    }
    return notAllowed(place, requisite);
  }

  private static TopologyChoice notAllowed(Term place, List<Term> allowed) {
    return new Unknown(
        "selected node's topology %s is not in allowed topologies %s"
            .formatted(place.segments(), allowed.stream().map(Term::segments).toList()));
  }

  /** Nodes of different kinds may register different keys: then the places of all kinds count. */
  private static List<List<String>> keySets(TopologyFacts facts) {
    return facts.csiNodes().stream()
        .map(node -> keysOf(node, facts.driver()))
        .filter(keys -> !keys.isEmpty())
        .map(keys -> keys.stream().sorted().toList())
        .distinct()
        .toList();
  }

  private static List<String> keysOf(CsiNode node, String driver) {
    var entry = node.driver(driver);
    return entry == null ? List.of() : entry.topologyKeys();
  }

  private static Optional<Term> placeOf(List<String> keys, TopologyFacts facts) {
    return facts.nodes().stream()
        .filter(node -> node.meta().name().equals(facts.selectedNode()))
        .findFirst()
        .flatMap(node -> termOf(keys, node));
  }

  /** Where nodes are that carry all keys of a set, each place once. */
  private static List<Term> placesOf(List<List<String>> keySets, List<Node> nodes) {
    var places = new TreeSet<Term>();
    for (var keys : keySets) {
      for (var node : nodes) {
        termOf(keys, node).ifPresent(places::add);
      }
    }
    return List.copyOf(places);
  }

  private static Optional<Term> termOf(List<String> keys, Node node) {
    var segments = new TreeMap<String, String>();
    for (var key : keys) {
      var value = node.meta().labels().get(key);
      if (value == null) {
        return Optional.empty();
      }
      segments.put(key, value);
    }
    return Optional.of(new Term(segments));
  }

  /**
   * Each alternative is an AND of keys with an OR of values: all combinations, sorted, each once.
   */
  private static List<Term> flattened(List<StorageClass.TopologyTerm> alternatives) {
    var terms = new TreeSet<Term>();
    for (var alternative : alternatives) {
      List<Map<String, String>> combinations = List.of(Map.of());
      for (var choice : alternative.values().entrySet()) {
        combinations = combined(combinations, choice.getKey(), choice.getValue());
      }
      combinations.stream().map(Term::of).filter(term -> !term.isEmpty()).forEach(terms::add);
    }
    return List.copyOf(terms);
  }

  private static List<Map<String, String>> combined(
      List<Map<String, String>> soFar, String key, List<String> values) {
    var combinations = new ArrayList<Map<String, String>>();
    for (var each : soFar) {
      for (var value : values) {
        var next = new TreeMap<>(each);
        next.put(key, value);
        combinations.add(next);
      }
    }
    return combinations;
  }

  private static List<Term> rotated(List<Term> terms, int start) {
    var turned = new ArrayList<>(terms.subList(start, terms.size()));
    turned.addAll(terms.subList(0, start));
    return List.copyOf(turned);
  }
}
