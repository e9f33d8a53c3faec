package io.csi4j.driver.spi;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A place, as segments such as {@code topology.disk.example.com/node = node-a}. */
public record Topology(SortedMap<String, String> segments) {

  public Topology {
    segments = Collections.unmodifiableSortedMap(new TreeMap<>(segments));
  }
}
