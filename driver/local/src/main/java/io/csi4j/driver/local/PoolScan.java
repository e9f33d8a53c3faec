package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.RecordFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what the journal has lost, by the descriptions beside the images: a disk may lose a part of
 * the journal, and a person may delete it.
 *
 * <p>The journal is written first, the description when the files are complete. So a description
 * that says more than the journal, ready instead of being made, or larger, is of a time that the
 * journal has lost, or of a call that had everything done but its last line. An image without a
 * sound description is left where it is: it may be somebody's data.
 */
final class PoolScan {
  private static final Logger log = LoggerFactory.getLogger(PoolScan.class);

  private final Stores stores;
  private final Pool pool;

  PoolScan(Stores stores, Pool pool) {
    this.stores = stores;
    this.pool = pool;
  }

  /** To be called before anything that was begun is undone. */
  void adoptLost() throws IOException {
    for (var id : pool.volumeFolders()) {
      adoptVolume(id, stores.volumes().byId(id).orElse(null));
    }
    for (var id : pool.snapshotFolders()) {
      adoptSnapshot(id, stores.snapshots().byId(id).orElse(null));
    }
  }

  private void adoptVolume(String id, @Nullable VolumeRecord known) throws IOException {
    var described =
        RecordFile.read(pool.volume(id).resolve(Pool.DESCRIPTION), id)
            .map(fields -> VolumeRecord.of(id, fields))
            .orElse(null);
    if (described == null) {
      tellWhenUnknown("volume", id, known);
    } else if (known == null
        || known.stage() == Stage.BEING_MADE
        || (known.stage() == Stage.READY && known.sizeBytes() < described.sizeBytes())) {
      stores.volumes().put(described);
      tellAdopted("volume", id);
    }
  }

  private void adoptSnapshot(String id, @Nullable SnapshotRecord known) throws IOException {
    var described =
        RecordFile.read(pool.snapshot(id).resolve(Pool.DESCRIPTION), id)
            .map(fields -> SnapshotRecord.of(id, fields))
            .orElse(null);
    if (described == null) {
      tellWhenUnknown("snapshot", id, known);
    } else if (known == null || known.stage() == Stage.BEING_MADE) {
      // A group that was lost cannot be told from one that was never whole: members go their own
      // way.
      var grouped = stores.groups().byId(described.groupId()).isPresent();
      stores.snapshots().put(grouped ? described : described.inGroup(""));
      tellAdopted("snapshot", id);
    }
  }

  private static void tellAdopted(String kind, String id) {
    log.atWarn().addKeyValue(kind, id).log("adopted what the journal does not say");
  }

  private static void tellWhenUnknown(String kind, String id, @Nullable Journaled known) {
    if (known == null) {
      log.atWarn()
          .addKeyValue(kind, id)
          .log("left alone an image that the journal does not know and nothing describes");
    }
  }
}
