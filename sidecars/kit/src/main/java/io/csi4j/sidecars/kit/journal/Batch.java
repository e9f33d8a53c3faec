package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are written together, and those who wait for that. Filled under its shard's lock,
 * read by the shard's writer when it is full.
 */
final class Batch {
  private static final Duration FULL_FOR = Duration.ofSeconds(5);

  private final Map<String, @Nullable String> changes = new LinkedHashMap<>();
  private final Time.Signal over;
  private int waiters;
  private long bytes;

  // Written before the signal is raised, read after.
  private volatile Set<String> refused = Set.of();
  private volatile @Nullable RuntimeException failure;

  Batch(Time time) {
    this.over = time.signal();
  }

  void put(String key, @Nullable String text) {
    // The last word counts, and comes where it was said.
    changes.remove(key);
    changes.put(key, text);
    if (text != null) {
      waiters++;
      bytes += ShardContent.bytes(key, text);
    }
  }

  /** How many wait for this to be written; nobody waits for a removal. */
  int waiters() {
    return waiters;
  }

  /** What it adds at most. */
  long bytes() {
    return bytes;
  }

  /** From a batch that failed: what was said since counts more. */
  void putIfSilent(String key) {
    changes.putIfAbsent(key, null);
  }

  boolean mentions(String key) {
    return changes.containsKey(key);
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  Map<String, @Nullable String> changes() {
    return Collections.unmodifiableMap(changes);
  }

  void written(Set<String> withoutRoom) {
    refused = withoutRoom;
    over.raise();
  }

  void failed(RuntimeException why) {
    failure = why;
    over.raise();
  }

  /** Waits until this change is durable, and throws where it is not. */
  void await(String key, Duration limit) {
    if (!over.await(limit)) {
      throw new ApiFailure.Unreachable(
          "journal: it is not known whether intent %s is stored".formatted(key), null);
    }
    var why = failure;
    if (why != null) {
      throw why;
    }
    if (refused.contains(key)) {
      throw new ApiFailure.Throttled(
          "journal: no room for intent %s until others are closed".formatted(key), FULL_FOR);
    }
  }
}
