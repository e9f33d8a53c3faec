package io.csi4j.sidecars.kit.journal;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one ConfigMap holds: texts by key, in order, never more than the API server takes. */
record ShardContent(Map<String, String> entries) {

  /** The server's limit is 1 MiB for all keys and values; metadata needs some room, too. */
  static final int BYTES_MAX = 1000 * 1024;

  static final ShardContent EMPTY = new ShardContent(Map.of());

  ShardContent {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /**
   * @param content what is to be written
   * @param refused keys for which there is no room
   */
  record Applied(ShardContent content, Set<String> refused) {}

  /** A change without a text removes. Removals come first: they make room. */
  Applied apply(Map<String, @Nullable String> changes, long bytesMax) {
    var after = new TreeMap<>(entries);
    changes.forEach(
        (key, text) -> {
          if (text == null) {
            after.remove(key);
          }
        });
    var bytes = bytes(after);
    var refused = new LinkedHashSet<String>();
    for (var change : changes.entrySet()) {
      var text = change.getValue();
      if (text == null) {
        continue;
      }
      var before = after.get(change.getKey());
      var more =
          bytes(change.getKey(), text) - (before == null ? 0 : bytes(change.getKey(), before));
      if (bytes + more > bytesMax) {
        refused.add(change.getKey());
      } else {
        after.put(change.getKey(), text);
        bytes += more;
      }
    }
    return new Applied(new ShardContent(after), refused);
  }

  long bytes() {
    return bytes(entries);
  }

  private static long bytes(Map<String, String> entries) {
    var bytes = 0L;
    for (var entry : entries.entrySet()) {
      bytes += bytes(entry.getKey(), entry.getValue());
    }
    return bytes;
  }

  static long bytes(String key, String text) {
    return (long) key.length() + text.getBytes(StandardCharsets.UTF_8).length;
  }
}
