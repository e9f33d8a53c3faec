package io.csi4j.driver.local;

import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A group of snapshots as the journal has it; its members know it by its ID. */
record GroupRecord(
    String id,
    String name,
    SortedSet<String> sourceVolumeIds,
    SortedMap<String, String> parameters,
    Instant cutAt,
    Stage stage)
    implements Journaled {
  private static final String PARAMETER = "parameter.";
  private static final String SOURCE = "source.";

  GroupRecord in(Stage next) {
    return new GroupRecord(id, name, sourceVolumeIds, parameters, cutAt, next);
  }

  @Override
  public SortedMap<String, String> fields() {
    var fields = new TreeMap<String, String>();
    fields.put("name", name);
    fields.put("cutAt", cutAt.toString());
    fields.put("stage", stage.name());
    sourceVolumeIds.forEach(source -> fields.put(SOURCE + source, ""));
    Fields.putMap(fields, PARAMETER, parameters);
    return fields;
  }

  static GroupRecord of(String id, SortedMap<String, String> fields) {
    return new GroupRecord(
        id,
        Fields.text(fields, "name"),
        new TreeSet<>(Fields.map(fields, SOURCE).keySet()),
        Fields.map(fields, PARAMETER),
        Instant.parse(Fields.text(fields, "cutAt")),
        Stage.valueOf(Fields.text(fields, "stage")));
  }
}
