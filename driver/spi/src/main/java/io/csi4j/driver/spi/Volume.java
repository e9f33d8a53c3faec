package io.csi4j.driver.spi;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume as callers see it.
 *
 * @param context handed to every later call about the volume, and the same for all its life; no
 *     secrets
 * @param accessibleFrom places that each can reach it; empty for everywhere
 */
public record Volume(
    String id,
    long capacityBytes,
    SortedMap<String, String> context,
    ContentSource source,
    List<Topology> accessibleFrom) {

  public Volume {
    context = Collections.unmodifiableSortedMap(new TreeMap<>(context));
    accessibleFrom = List.copyOf(accessibleFrom);
  }
}
