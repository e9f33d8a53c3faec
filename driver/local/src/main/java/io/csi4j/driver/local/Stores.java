package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import java.util.Optional;

/** All that we know and must not forget. */
record Stores(
    Records<VolumeRecord> volumes,
    Records<SnapshotRecord> snapshots,
    Records<GroupRecord> groups,
    AttachmentStore attachments) {

  /** A volume that controllers know about. */
  Optional<VolumeRecord> persistent(String volumeId) {
    return volumes.ready(volumeId).filter(volume -> !volume.inline());
  }

  static Stores of(JournaledMap journal) {
    return new Stores(
        new Records<>(journal, "volume", VolumeRecord::of),
        new Records<>(journal, "snapshot", SnapshotRecord::of),
        new Records<>(journal, "group", GroupRecord::of),
        new AttachmentStore(journal));
  }
}
