package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.Snapshot;
import io.csi4j.driver.spi.TopologyRequirement;
import java.util.List;
import java.util.stream.Stream;

/**
 * A snapshot whose caller has left one place only is not told its place again; docs/adr/0008 says
 * why, and what that costs. Pure.
 */
final class PinnedPlace {
  private PinnedPlace() {}

  /** The answer to {@code CreateSnapshot}; other calls tell the place always. */
  static Snapshot answered(Snapshot snapshot, TopologyRequirement asked) {
    var terms = Stream.concat(asked.requisite().stream(), asked.preferred().stream()).distinct();
    return snapshot.accessibleFrom().size() == 1 && terms.toList().equals(snapshot.accessibleFrom())
        ? withoutPlace(snapshot)
        : snapshot;
  }

  private static Snapshot withoutPlace(Snapshot snapshot) {
    return new Snapshot(
        snapshot.id(),
        snapshot.sourceVolumeId(),
        snapshot.sizeBytes(),
        snapshot.cutAt(),
        snapshot.groupId(),
        List.of());
  }
}
