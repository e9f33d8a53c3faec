package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Which volume is attached to which node. Attaching is a simulation: nothing but these records
 * changes.
 */
final class AttachmentStore {
  private static final String KEY = "attachment ";

  private final JournaledMap journal;

  /** Guarded by this object's monitor. */
  private final List<AttachmentRecord> records = new ArrayList<>();

  AttachmentStore(JournaledMap journal) {
    this.journal = journal;
    journal
        .entries()
        .forEach(
            (key, fields) -> {
              if (key.startsWith(KEY)) {
                records.add(AttachmentRecord.of(fields));
              }
            });
  }

  synchronized List<AttachmentRecord> ofVolume(String volumeId) {
    return records.stream().filter(record -> record.volumeId().equals(volumeId)).toList();
  }

  synchronized long countOnNode(String nodeId) {
    return records.stream().filter(record -> record.nodeId().equals(nodeId)).count();
  }

  /** Counts from now on; {@link #persist} makes it last. */
  synchronized void reserve(AttachmentRecord record) {
    records.add(record);
  }

  void persist(AttachmentRecord record) {
    journal.put(key(record), record.fields());
  }

  void remove(AttachmentRecord record) {
    journal.remove(key(record));
    synchronized (this) {
      records.remove(record);
    }
  }

  private static String key(AttachmentRecord record) {
    return KEY + record.volumeId() + " " + record.nodeId();
  }
}
