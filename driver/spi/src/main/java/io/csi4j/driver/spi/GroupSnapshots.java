package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Snapshots of several volumes at one moment of their common stream of writes. */
public interface GroupSnapshots extends ControllerPart {

  /**
   * Makes all snapshots or none. Refusals as {@link Snapshots#snapshot}; {@code
   * FAILED_PRECONDITION} when the volumes cannot be cut together.
   */
  Answer<SnapshotGroup> snapshotGroup(GroupSpec spec);

  /** Removes the group and its members; one that does not exist is fine. */
  Answer<Nothing> deleteGroup(String groupId, Secrets secrets);

  /** {@code NOT_FOUND} when there is no such group. */
  Answer<SnapshotGroup> findGroup(String groupId);

  /** A group that shall be; the same name means the same group. */
  record GroupSpec(
      String name,
      SortedSet<String> sourceVolumeIds,
      SortedMap<String, String> parameters,
      Secrets secrets) {

    public GroupSpec {
      sourceVolumeIds = new TreeSet<>(sourceVolumeIds);
    }
  }

  /** A group as callers see it, ready to be used. */
  record SnapshotGroup(String id, List<Snapshot> members, Instant cutAt) {

    public SnapshotGroup {
      members = List.copyOf(members);
    }
  }
}
