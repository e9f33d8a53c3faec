package io.csi4j.driver.spi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as callers see it, ready to be used.
 *
 * @param sizeBytes how large a volume from it must be at least
 * @param cutAt the moment that it holds; never changes
 * @param groupId null when it was not made with others
 * @param accessibleFrom places where volumes can be made from it; empty for everywhere
 */
public record Snapshot(
    String id,
    String sourceVolumeId,
    long sizeBytes,
    Instant cutAt,
    @Nullable String groupId,
    List<Topology> accessibleFrom) {

  public Snapshot {
    accessibleFrom = List.copyOf(accessibleFrom);
  }
}
