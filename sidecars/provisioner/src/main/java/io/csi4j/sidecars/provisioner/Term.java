package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.Topology;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A place in the cluster: a value for each of some keys. */
record Term(SortedMap<String, String> segments) implements Comparable<Term> {
  private static final Comparator<Map.Entry<String, String>> PAIRS =
      Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry.comparingByValue());

  Term {
    segments = Collections.unmodifiableSortedMap(new TreeMap<>(segments));
  }

  static Term of(Map<String, String> segments) {
    return new Term(new TreeMap<>(segments));
  }

  boolean isPartOf(Term other) {
    return other.segments().entrySet().containsAll(segments.entrySet());
  }

  boolean isEmpty() {
    return segments.isEmpty();
  }

  Topology message() {
    return Topology.newBuilder().putAllSegments(segments).build();
  }

  /** Shorter ones first, then pair by pair. */
  @Override
  public int compareTo(Term other) {
    var bySize = Integer.compare(segments.size(), other.segments.size());
    if (bySize != 0) {
      return bySize;
    }
    Iterator<Map.Entry<String, String>> others = other.segments.entrySet().iterator();
    for (var pair : segments.entrySet()) {
      var byPair = PAIRS.compare(pair, others.next());
      if (byPair != 0) {
        return byPair;
      }
    }
    return 0;
  }
}
