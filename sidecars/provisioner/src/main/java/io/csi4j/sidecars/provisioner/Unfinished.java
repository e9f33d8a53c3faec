package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Attempts that have begun and not ended: as long as one is here the driver may be working on it,
 * so it is repeated until the driver gives a final answer and the volume has its object, also when
 * its claim is deleted meanwhile. What is here is in the journal, too.
 */
final class Unfinished {
  private final Map<ObjectKey, Map<String, Entry>> byClaim = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** An attempt and what is known of it; touched only by the worker that has its claim's key. */
  static final class Entry {
    private final Attempt attempt;

    /** Whether the driver may know of it. */
    boolean called;

    /** Whether the driver has named the source of this volume's content in an earlier answer. */
    boolean sourceSeen;

    /** The driver's final answer: what is left to do is the volume's object. */
    @Nullable Volume made;

    Entry(Attempt attempt) {
      this.attempt = attempt;
    }

    Attempt attempt() {
      return attempt;
    }
  }

  /** From now on nothing is to be begun. */
  void close() {
    closed = true;
  }

  boolean closed() {
    return closed;
  }

  /** The oldest of the claim's name, or of the claims that had this name before. */
  @Nullable Entry of(ObjectKey claim) {
    var entries = byClaim.get(claim);
    return entries == null ? null : entries.values().stream().findFirst().orElse(null);
  }

  boolean isOpen(String volume) {
    return byClaim.values().stream().anyMatch(entries -> entries.containsKey(volume));
  }

  /** Whether another attempt reads from this snapshot. */
  boolean uses(ObjectKey snapshot) {
    return byClaim.values().stream()
        .map(Map::values)
        .flatMap(Collection::stream)
        .anyMatch(entry -> snapshot.equals(entry.attempt().snapshot()));
  }

  /** Whether an attempt reads from this volume, by the driver's name for it. */
  boolean clones(String handle) {
    return !handle.isEmpty()
        && byClaim.values().stream()
            .map(Map::values)
            .flatMap(Collection::stream)
            .anyMatch(
                entry ->
                    entry
                        .attempt()
                        .request()
                        .getVolumeContentSource()
                        .getVolume()
                        .getVolumeId()
                        .equals(handle));
  }

  int size() {
    return byClaim.values().stream().mapToInt(Map::size).sum();
  }

  Entry add(Attempt attempt) {
    var entry = new Entry(attempt);
    byClaim
        .computeIfAbsent(attempt.claim(), _ -> new ConcurrentSkipListMap<>())
        .put(attempt.name(), entry);
    return entry;
  }

  void remove(Attempt attempt) {
    byClaim.computeIfPresent(
        attempt.claim(),
        (_, entries) -> {
          entries.remove(attempt.name());
          return entries.isEmpty() ? null : entries;
        });
  }
}
