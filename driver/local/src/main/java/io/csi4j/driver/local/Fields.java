package io.csi4j.driver.local;

import io.csi4j.driver.spi.BlockDevices.Content;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reading and writing the fields of journaled records. */
final class Fields {
  private static final String RAW = "";

  private Fields() {}

  static String text(SortedMap<String, String> fields, String name) {
    var value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("the journal has a record without " + name + ": " + fields);
    }
    return value;
  }

  static long number(SortedMap<String, String> fields, String name) {
    return Long.parseLong(text(fields, name));
  }

  static Content content(SortedMap<String, String> fields) {
    var fsType = text(fields, "fsType");
    return fsType.equals(RAW) ? new Content.Raw() : new Content.FileSystem(fsType);
  }

  static void put(SortedMap<String, String> fields, Content content) {
    fields.put(
        "fsType",
        switch (content) {
          case Content.Raw() -> RAW;
          case Content.FileSystem(var fsType) -> fsType;
        });
  }

  /** Entries whose names begin with {@code prefix}, without it. */
  static SortedMap<String, String> map(SortedMap<String, String> fields, String prefix) {
    var map = new TreeMap<String, String>();
    fields
        .tailMap(prefix)
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                map.put(key.substring(prefix.length()), value);
              }
            });
    return map;
  }

  static void putMap(
      SortedMap<String, String> fields, String prefix, SortedMap<String, String> map) {
    map.forEach((key, value) -> fields.put(prefix + key, value));
  }
}
