package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.MountSpec.Form;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code vol_data.json}: what kubelet must know of a volume when it has forgotten everything. */
record VolumeData(Map<String, String> values) {
  static final String FILE = "vol_data.json";

  VolumeData {
    values = Map.copyOf(values);
  }

  static VolumeData staged(MountSpec spec, String node) {
    var values = new TreeMap<String, String>();
    values.put("volumeHandle", spec.handle());
    values.put("driverName", spec.driver());
    if (spec.block()) {
      values.put("specVolID", spec.specName());
      values.put("nodeName", node);
      values.put("attachmentID", VolumeNames.attachment(spec.handle(), spec.driver(), node));
    }
    return new VolumeData(values);
  }

  static VolumeData published(MountSpec spec, String node) {
    var values = new TreeMap<String, String>();
    values.put("volumeHandle", spec.handle());
    values.put("driverName", spec.driver());
    values.put("specVolID", spec.specName());
    values.put("nodeName", node);
    values.put("attachmentID", VolumeNames.attachment(spec.handle(), spec.driver(), node));
    values.put("volumeLifecycleMode", spec.inline() ? "Ephemeral" : "Persistent");
    return new VolumeData(values);
  }

  void write(Path folder) throws IOException {
    var object = Json.object();
    new TreeMap<>(values).forEach(object::put);
    Files.write(folder.resolve(FILE), Json.bytes(object));
  }

  /** Nothing where the folder has none that can be read: such a folder is left alone. */
  static Optional<VolumeData> read(Path folder) {
    try {
      var values = new TreeMap<String, String>();
      Json.parse(Files.readAllBytes(folder.resolve(FILE)))
          .properties()
          .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
      return Optional.of(new VolumeData(values));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  MountSpec spec(String specName, Form form) {
    return new MountSpec(value("driverName"), value("volumeHandle"), specName, form);
  }

  boolean ephemeral() {
    return value("volumeLifecycleMode").equals("Ephemeral");
  }

  String value(String key) {
    return values.getOrDefault(key, "");
  }
}
