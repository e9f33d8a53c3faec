package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known about the volumes: in memory to read, in the journal to last.
 *
 * <p>The framework's locks see to it that one volume, and one name, is changed by one call at a
 * time.
 */
final class VolumeStore {
  private static final String KEY = "volume ";

  private final JournaledMap journal;
  private final Map<String, VolumeRecord> byId = new ConcurrentHashMap<>();
  private final Map<String, String> idsByName = new ConcurrentHashMap<>();

  VolumeStore(JournaledMap journal) {
    this.journal = journal;
    journal
        .entries()
        .forEach(
            (key, fields) -> {
              if (key.startsWith(KEY)) {
                remember(VolumeRecord.of(key.substring(KEY.length()), fields));
              }
            });
  }

  Optional<VolumeRecord> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<VolumeRecord> byName(String name) {
    return Optional.ofNullable(idsByName.get(name)).flatMap(this::byId);
  }

  /** In the order of their IDs. */
  List<VolumeRecord> all() {
    return byId.values().stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
  }

  void put(VolumeRecord volume) {
    journal.put(KEY + volume.id(), volume.fields());
    remember(volume);
  }

  void remove(VolumeRecord volume) {
    journal.remove(KEY + volume.id());
    byId.remove(volume.id());
    idsByName.remove(volume.name(), volume.id());
  }

  private void remember(VolumeRecord volume) {
    byId.put(volume.id(), volume);
    idsByName.put(volume.name(), volume.id());
  }
}
