package io.csi4j.driver.local;

import io.csi4j.driver.spi.BlockDevices.Content;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A snapshot as the journal has it.
 *
 * @param name empty for a member of a group, which has no name of its own
 * @param content what the source held
 * @param groupId empty when it was not made with others
 */
record SnapshotRecord(
    String id,
    String name,
    String sourceVolumeId,
    long sizeBytes,
    Content content,
    Instant cutAt,
    String groupId,
    Stage stage)
    implements Journaled {

  static SnapshotRecord beingMade(String id, String name, VolumeRecord source, Instant cutAt) {
    return new SnapshotRecord(
        id, name, source.id(), source.sizeBytes(), source.content(), cutAt, "", Stage.BEING_MADE);
  }

  SnapshotRecord in(Stage next) {
    return new SnapshotRecord(id, name, sourceVolumeId, sizeBytes, content, cutAt, groupId, next);
  }

  SnapshotRecord inGroup(String group) {
    return new SnapshotRecord(id, name, sourceVolumeId, sizeBytes, content, cutAt, group, stage);
  }

  @Override
  public SortedMap<String, String> fields() {
    var fields = new TreeMap<String, String>();
    fields.put("name", name);
    fields.put("source", sourceVolumeId);
    fields.put("sizeBytes", Long.toString(sizeBytes));
    Fields.put(fields, content);
    fields.put("cutAt", cutAt.toString());
    fields.put("group", groupId);
    fields.put("stage", stage.name());
    return fields;
  }

  static SnapshotRecord of(String id, SortedMap<String, String> fields) {
    return new SnapshotRecord(
        id,
        Fields.text(fields, "name"),
        Fields.text(fields, "source"),
        Fields.number(fields, "sizeBytes"),
        Fields.content(fields),
        Instant.parse(Fields.text(fields, "cutAt")),
        Fields.text(fields, "group"),
        Stage.valueOf(Fields.text(fields, "stage")));
  }
}
