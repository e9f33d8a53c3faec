package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.util.List;

/**
 * Keeping what a volume holds at one moment. Reported as {@code CREATE_DELETE_SNAPSHOT} and {@code
 * LIST_SNAPSHOTS}, and with {@link Trait#GET_SNAPSHOT} as {@code GET_SNAPSHOT}. Who offers it makes
 * volumes {@link ContentSource.FromSnapshot} too.
 */
public interface Snapshots extends ControllerPart {

  /**
   * Makes the snapshot, or finds the one that has this name. The cut is made when it answers.
   *
   * <p>Refusals: {@code ALREADY_EXISTS} when the one with this name is of another volume; {@code
   * NOT_FOUND} for an unknown volume; {@code RESOURCE_EXHAUSTED} when there is no room.
   */
  Answer<Snapshot> snapshot(SnapshotSpec spec);

  /** Removes it; one that does not exist is fine. {@code INVALID_ARGUMENT} for a group's member. */
  Answer<Nothing> deleteSnapshot(String snapshotId, Secrets secrets);

  /** {@code NOT_FOUND} when there is no such snapshot. */
  Answer<Snapshot> findSnapshot(String snapshotId);

  /**
   * Snapshots in the order of their IDs, beginning behind {@code lastId}; see {@link
   * VolumeListing#volumesAfter}.
   *
   * @param sourceVolumeId only of this volume, which may be gone; empty for all
   */
  List<Snapshot> snapshotsAfter(String lastId, int countMax, String sourceVolumeId);
}
