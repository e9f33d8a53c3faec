package io.csi4j.driver.local;

import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.ContentSource;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume as the journal has it.
 *
 * @param parameters of the storage class, as they were asked for
 * @param tuning the mutable parameters, as they are now
 * @param source what it was filled with
 */
record VolumeRecord(
    String id,
    String name,
    long sizeBytes,
    Content content,
    SortedMap<String, String> parameters,
    SortedMap<String, String> tuning,
    ContentSource source,
    Stage stage)
    implements Journaled {
  private static final String PARAMETER = "parameter.";
  private static final String TUNING = "tuning.";
  private static final String FROM_SNAPSHOT = "fromSnapshot";
  private static final String FROM_VOLUME = "fromVolume";

  VolumeRecord {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    tuning = Collections.unmodifiableSortedMap(new TreeMap<>(tuning));
  }

  VolumeRecord in(Stage next) {
    return new VolumeRecord(id, name, sizeBytes, content, parameters, tuning, source, next);
  }

  VolumeRecord ofSize(long bytes) {
    return new VolumeRecord(id, name, bytes, content, parameters, tuning, source, stage);
  }

  /** With these mutable parameters on top of those that it has. */
  VolumeRecord tuned(SortedMap<String, String> changed) {
    var all = new TreeMap<>(tuning);
    all.putAll(changed);
    return new VolumeRecord(id, name, sizeBytes, content, parameters, all, source, stage);
  }

  Allocation allocation() {
    return Allocation.of(parameters);
  }

  @Override
  public SortedMap<String, String> fields() {
    var fields = new TreeMap<String, String>();
    fields.put("name", name);
    fields.put("sizeBytes", Long.toString(sizeBytes));
    Fields.put(fields, content);
    fields.put("stage", stage.name());
    switch (source) {
      case ContentSource.Blank() -> {}
      case ContentSource.FromSnapshot(var snapshotId) -> fields.put(FROM_SNAPSHOT, snapshotId);
      case ContentSource.FromVolume(var volumeId) -> fields.put(FROM_VOLUME, volumeId);
    }
    Fields.putMap(fields, PARAMETER, parameters);
    Fields.putMap(fields, TUNING, tuning);
    return fields;
  }

  static VolumeRecord of(String id, SortedMap<String, String> fields) {
    return new VolumeRecord(
        id,
        Fields.text(fields, "name"),
        Fields.number(fields, "sizeBytes"),
        Fields.content(fields),
        Fields.map(fields, PARAMETER),
        Fields.map(fields, TUNING),
        source(fields),
        Stage.valueOf(Fields.text(fields, "stage")));
  }

  private static ContentSource source(SortedMap<String, String> fields) {
    if (fields.containsKey(FROM_SNAPSHOT)) {
      return new ContentSource.FromSnapshot(Fields.text(fields, FROM_SNAPSHOT));
    }
    return fields.containsKey(FROM_VOLUME)
        ? new ContentSource.FromVolume(Fields.text(fields, FROM_VOLUME))
        : new ContentSource.Blank();
  }
}
