package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Room for volumes of one class in one place: what one object tells. Two of the same value are the
 * same, so nothing is asked for twice at a time.
 */
record CapacityItem(Term place, String className) {

  /** By which a queue knows it. */
  ObjectKey key() {
    var segments =
        place.segments().entrySet().stream()
            .map(pair -> pair.getKey() + "=" + pair.getValue())
            .collect(Collectors.joining(","));
    return new ObjectKey(segments.isEmpty() ? "everywhere" : segments, className);
  }

  boolean isAt(Map<String, String> segments) {
    return place.equals(Term.of(segments));
  }
}
