package io.csi4j.driver.spi;

import java.util.Iterator;

/**
 * Telling a backup what it has to read. Reported as {@code SNAPSHOT_METADATA_SERVICE}, which CSI
 * calls alpha.
 */
public interface ChangedBlocks extends ControllerPart {

  /** What of the snapshot was ever written; more is allowed, less is not. */
  Answer<BlockMap> allocated(String snapshotId);

  /**
   * What differs between two snapshots of one volume. {@code INVALID_ARGUMENT} when they are of two
   * volumes or in the wrong order.
   */
  Answer<BlockMap> changed(String baseSnapshotId, String targetSnapshotId);

  /**
   * Where to read.
   *
   * @param blockBytes every range is of this size; 0 when they are of any size
   * @param ranges ascending, none overlapping another, none empty
   */
  record BlockMap(long capacityBytes, long blockBytes, Iterator<Range> ranges) {}

  /** Some bytes. */
  record Range(long offset, long bytes) {

    public long end() {
      return offset + bytes;
    }
  }
}
