package io.csi4j.sidecars.kit.metrics;

import java.util.TreeMap;

/** When each key that a queue has in hand was begun; scraped while the queue works. */
final class Running {
  private final TreeMap<Long, Integer> begun = new TreeMap<>();
  private int keys;

  synchronized void begin(long nanos) {
    begun.merge(nanos, 1, Integer::sum);
    keys++;
  }

  synchronized void end(long nanos) {
    begun.computeIfPresent(nanos, (_, count) -> count == 1 ? null : count - 1);
    keys--;
  }

  /** The ages of all keys together. */
  synchronized long totalNanos(long now) {
    var total = 0L;
    for (var each : begun.entrySet()) {
      total += (now - each.getKey()) * each.getValue();
    }
    return total;
  }

  synchronized long longestNanos(long now) {
    return keys == 0 ? 0 : now - begun.firstKey();
  }
}
