package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.journal.JournaledMap;
import io.csi4j.driver.spi.AccessMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who asked for which mount, and how. Hints, written before the mount is made and forgotten after
 * it is gone: an entry whose mount is not there means nothing, a mount without an entry is taken as
 * asked for now.
 *
 * <p>The mount table alone cannot tell a second target from the same mount seen at a second place
 * by mount propagation, so "still published" and "another workload" are answered from here, checked
 * against the table.
 */
final class NodeUsage {
  private static final String STAGED = "staged ";
  private static final String TARGET = "target ";

  private final JournaledMap journal;
  private final Map<String, Staged> stagedByVolume = new ConcurrentHashMap<>();
  private final Map<Path, Target> targets = new ConcurrentHashMap<>();

  /**
   * A volume at its staging path; {@code fingerprint} stands for all that the caller said about it.
   */
  record Staged(Path path, String fingerprint) {}

  /** A volume at a target. */
  record Target(String volumeId, Path path, AccessMode mode, String fingerprint) {}

  NodeUsage(JournaledMap journal) {
    this.journal = journal;
    journal.entries().forEach(this::load);
  }

  Optional<Staged> staged(String volumeId) {
    return Optional.ofNullable(stagedByVolume.get(volumeId));
  }

  Optional<Target> target(Path path) {
    return Optional.ofNullable(targets.get(path));
  }

  List<Target> targets(String volumeId) {
    return targets.values().stream()
        .filter(target -> target.volumeId().equals(volumeId))
        .sorted((a, b) -> a.path().compareTo(b.path()))
        .toList();
  }

  void rememberStaged(String volumeId, Staged staged) {
    journal.put(
        STAGED + volumeId,
        fields("path", staged.path().toString(), "fingerprint", staged.fingerprint()));
    stagedByVolume.put(volumeId, staged);
  }

  /**
   * Forgets that it was staged, and targets whose mounts went without us, for example by a restart
   * of the node.
   */
  void forgetVolume(String volumeId) {
    targets(volumeId).forEach(target -> forgetTarget(target.path()));
    if (stagedByVolume.remove(volumeId) != null) {
      journal.remove(STAGED + volumeId);
    }
  }

  void rememberTarget(Target target) {
    var fields = fields("volume", target.volumeId(), "fingerprint", target.fingerprint());
    fields.put("mode", target.mode().name());
    journal.put(TARGET + target.path(), fields);
    targets.put(target.path(), target);
  }

  void forgetTarget(Path path) {
    if (targets.remove(path) != null) {
      journal.remove(TARGET + path);
    }
  }

  private void load(String key, SortedMap<String, String> fields) {
    var fingerprint = fields.getOrDefault("fingerprint", "");
    if (key.startsWith(STAGED)) {
      var path = Path.of(fields.getOrDefault("path", ""));
      stagedByVolume.put(key.substring(STAGED.length()), new Staged(path, fingerprint));
    } else if (key.startsWith(TARGET)) {
      var path = Path.of(key.substring(TARGET.length()));
      var volumeId = fields.getOrDefault("volume", "");
      var mode = AccessMode.valueOf(fields.getOrDefault("mode", "SINGLE_NODE_WRITER"));
      targets.put(path, new Target(volumeId, path, mode, fingerprint));
    }
  }

  private static SortedMap<String, String> fields(
      String name1, String value1, String name2, String value2) {
    return new TreeMap<>(Map.of(name1, value1, name2, value2));
  }
}
