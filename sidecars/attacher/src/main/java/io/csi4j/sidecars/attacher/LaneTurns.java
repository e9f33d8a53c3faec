package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.pacing.CallLimit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One lane: nodes take turns, and none takes all.
 *
 * <p>A node may have as many calls in flight as there are places free: alone it gets half of the
 * lane, two get a third each, and there is always a place for one that comes new. A node whose
 * calls have lately run into their deadline gets one, enough to find out whether it is well again.
 */
final class LaneTurns {
  private final CallLimit limit;
  private final Predicate<String> unwell;

  /** By node, whose turn is next first; no node without keys. */
  private final Map<String, Deque<ObjectKey>> waiting = new LinkedHashMap<>();

  private final Map<String, Integer> workingByNode = new HashMap<>();
  private int working;

  LaneTurns(CallLimit limit, Predicate<String> unwell) {
    this.limit = limit;
    this.unwell = unwell;
  }

  void add(String node, ObjectKey key) {
    waiting.computeIfAbsent(node, _ -> new ArrayDeque<>()).addLast(key);
  }

  /** The node whose turn it is; null where none may begin anything. */
  @Nullable String nextNode() {
    if (waiting.isEmpty()) {
      return null;
    }
    var free = limit.now() - working;
    if (free <= 0) {
      limit.heldBack();
      return null;
    }
    for (var node : waiting.keySet()) {
      if (workingByNode.getOrDefault(node, 0) < share(node, free)) {
        return node;
      }
    }
    limit.heldBack();
    return null;
  }

  private int share(String node, int free) {
    return unwell.test(node) ? 1 : free;
  }

  /** A key that shall wait elsewhere. */
  void remove(String node, ObjectKey key) {
    var keys = keysOf(node);
    keys.remove(key);
    if (keys.isEmpty()) {
      waiting.remove(node);
    }
  }

  ObjectKey head(String node) {
    return keysOf(node).getFirst();
  }

  /** Takes the node's first key; the node's next turn comes after all others'. */
  ObjectKey take(String node) {
    var keys = keysOf(node);
    var key = keys.removeFirst();
    waiting.remove(node);
    if (!keys.isEmpty()) {
      waiting.put(node, keys);
    }
    return key;
  }

  void began(String node) {
    working++;
    workingByNode.merge(node, 1, Integer::sum);
  }

  void done(String node) {
    working--;
    workingByNode.computeIfPresent(node, (_, count) -> count == 1 ? null : count - 1);
  }

  void forgetWaiting() {
    waiting.clear();
  }

  private Deque<ObjectKey> keysOf(String node) {
    var keys = waiting.get(node);
    if (keys == null) {
      throw new IllegalStateException("nothing waits for node " + node);
    }
    return keys;
  }
}
