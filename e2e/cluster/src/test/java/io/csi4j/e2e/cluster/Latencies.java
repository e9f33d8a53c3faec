package io.csi4j.e2e.cluster;

import java.util.Arrays;
import java.util.Map;

/** How long each of many took, and all of them together. */
record Latencies(
    int count, double allSeconds, double p50Millis, double p99Millis, double maxMillis) {

  static Latencies of(Map<String, Long> asked, Map<String, Long> fulfilled) {
    var millis = new double[asked.size()];
    var first = Long.MAX_VALUE;
    var last = Long.MIN_VALUE;
    var i = 0;
    for (var each : asked.entrySet()) {
      var end = fulfilled.getOrDefault(each.getKey(), Long.MAX_VALUE);
      millis[i++] = (end - each.getValue()) / 1e6;
      first = Math.min(first, each.getValue());
      last = Math.max(last, end);
    }
    Arrays.sort(millis);
    return new Latencies(
        millis.length,
        (last - first) / 1e9,
        millis[millis.length / 2],
        millis[millis.length * 99 / 100],
        millis[millis.length - 1]);
  }

  double perSecond() {
    return count / allSeconds;
  }

  @Override
  public String toString() {
    return "%d in %.2f s, %.0f/s, p50 %.0f ms, p99 %.0f ms, max %.0f ms"
        .formatted(count, allSeconds, perSecond(), p50Millis, p99Millis, maxMillis);
  }
}
