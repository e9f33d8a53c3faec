package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who wants which lease.
 *
 * @param identity unique among candidates; replicas know each other by it
 * @param labels put on the lease besides those that are there
 */
public record Candidate(ObjectKey lease, String identity, Map<String, String> labels) {

  public Candidate {
    if (identity.isEmpty()) {
      throw new IllegalArgumentException("a candidate for %s needs an identity".formatted(lease));
    }
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }
}
