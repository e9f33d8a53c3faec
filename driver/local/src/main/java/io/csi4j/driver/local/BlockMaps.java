package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.Extents;
import io.csi4j.driver.framework.syscall.Extents.Extent;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.ChangedBlocks;
import io.csi4j.driver.spi.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What of snapshots has to be read, by where their bytes are on the disk. */
final class BlockMaps implements ChangedBlocks {
  private final Records<SnapshotRecord> snapshots;
  private final Pool pool;
  private final Extents extents;

  /** The size of every range; 0 for ranges of any size. */
  private final long blockBytes;

  BlockMaps(Records<SnapshotRecord> snapshots, Pool pool, Extents extents, long blockBytes) {
    this.snapshots = snapshots;
    this.pool = pool;
    this.extents = extents;
    this.blockBytes = blockBytes;
  }

  @Override
  public Answer<BlockMap> allocated(String snapshotId) {
    return find(snapshotId)
        .then(
            snapshot ->
                extents(snapshot)
                    .map(found -> map(snapshot, ExtentDelta.allocated(found, size(snapshot)))));
  }

  @Override
  public Answer<BlockMap> changed(String baseSnapshotId, String targetSnapshotId) {
    return find(baseSnapshotId)
        .then(base -> find(targetSnapshotId).then(target -> changed(base, target)));
  }

  private Answer<BlockMap> changed(SnapshotRecord base, SnapshotRecord target) {
    if (!base.sourceVolumeId().equals(target.sourceVolumeId())) {
      return Answer.refused(
          Reason.INVALID_ARGUMENT,
          "snapshots %s and %s are of different volumes".formatted(base.id(), target.id()));
    }
    if (base.cutAt().isAfter(target.cutAt())) {
      return Answer.refused(
          Reason.INVALID_ARGUMENT,
          "snapshot %s is newer than %s".formatted(base.id(), target.id()));
    }
    return extents(base)
        .then(from -> extents(target).then(to -> delta(base, target, List.of(from, to))));
  }

  /** Without sharing, equal bytes are at different places: then the bytes themselves are read. */
  private Answer<BlockMap> delta(
      SnapshotRecord base, SnapshotRecord target, List<List<Extent>> maps) {
    if (pool.sharing()) {
      return Answer.done(
          map(target, ExtentDelta.changed(maps.getFirst(), maps.getLast(), size(target))));
    }
    try {
      List<Range> either = new ArrayList<>();
      either.addAll(ExtentDelta.allocated(maps.getFirst(), size(target)));
      either.addAll(ExtentDelta.allocated(maps.getLast(), size(target)));
      return Answer.done(
          map(
              target,
              ByteDelta.changed(
                  pool.snapshotImage(base.id()), pool.snapshotImage(target.id()), either)));
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL,
          "could not compare snapshots %s and %s: %s".formatted(base.id(), target.id(), failure));
    }
  }

  private Answer<List<Extent>> extents(SnapshotRecord snapshot) {
    return switch (extents.of(pool.snapshotImage(snapshot.id()))) {
      case NativeResult.Value<List<Extent>>(var found) -> Answer.done(found);
      case NativeResult.Failed<List<Extent>> failed ->
          Answer.refused(Reason.INTERNAL, "could not " + failed.message());
    };
  }

  private Answer<SnapshotRecord> find(String snapshotId) {
    return snapshots
        .ready(snapshotId)
        .map(Answer::done)
        .orElseGet(
            () ->
                Answer.refused(
                    Reason.NOT_FOUND, "snapshot %s does not exist".formatted(snapshotId)));
  }

  private BlockMap map(SnapshotRecord snapshot, List<Range> ranges) {
    return new BlockMap(size(snapshot), blockBytes, ranges.iterator());
  }

  private static long size(SnapshotRecord snapshot) {
    return snapshot.sizeBytes();
  }
}
