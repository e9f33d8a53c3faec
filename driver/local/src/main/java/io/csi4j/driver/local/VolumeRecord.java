package io.csi4j.driver.local;

import io.csi4j.driver.framework.spi.BlockDevices.Content;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume as the journal has it.
 *
 * @param parameters of the storage class, as they were asked for
 */
record VolumeRecord(
    String id,
    String name,
    long sizeBytes,
    Content content,
    SortedMap<String, String> parameters,
    Stage stage) {
  private static final String PARAMETER = "parameter.";
  private static final String RAW = "";

  /** How far it is. */
  enum Stage {
    /** Its files may be there, in part. Nobody has been told about it. */
    BEING_MADE,
    READY,
    /** Its files may be gone, in part. */
    BEING_REMOVED
  }

  VolumeRecord in(Stage next) {
    return new VolumeRecord(id, name, sizeBytes, content, parameters, next);
  }

  SortedMap<String, String> fields() {
    var fields = new TreeMap<String, String>();
    fields.put("name", name);
    fields.put("sizeBytes", Long.toString(sizeBytes));
    fields.put(
        "fsType",
        switch (content) {
          case Content.Raw() -> RAW;
          case Content.FileSystem(var fsType) -> fsType;
        });
    fields.put("stage", stage.name());
    parameters.forEach((key, value) -> fields.put(PARAMETER + key, value));
    return fields;
  }

  static VolumeRecord of(String id, SortedMap<String, String> fields) {
    var parameters = new TreeMap<String, String>();
    fields
        .tailMap(PARAMETER)
        .forEach(
            (key, value) -> {
              if (key.startsWith(PARAMETER)) {
                parameters.put(key.substring(PARAMETER.length()), value);
              }
            });
    var fsType = field(fields, "fsType");
    return new VolumeRecord(
        id,
        field(fields, "name"),
        Long.parseLong(field(fields, "sizeBytes")),
        fsType.equals(RAW) ? new Content.Raw() : new Content.FileSystem(fsType),
        parameters,
        Stage.valueOf(field(fields, "stage")));
  }

  private static String field(SortedMap<String, String> fields, String name) {
    var value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("the journal has a volume without " + name + ": " + fields);
    }
    return value;
  }
}
