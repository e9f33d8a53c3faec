package io.csi4j.e2e.sandbox.store;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** All objects of one kind, and what recently happened to them. Guarded by the store's lock. */
final class Shelf {
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final TreeMap<Long, Change> log = new TreeMap<>();
  private final int logChangesMax;
  private final Condition grown;

  /**
   * The newest revision whose changes are forgotten: one can go on from here, but not from before.
   */
  private long floor;

  Shelf(long floor, int logChangesMax, Condition grown) {
    this.floor = floor;
    this.logChangesMax = logChangesMax;
    this.grown = grown;
  }

  @Nullable Entry get(String key) {
    return entries.get(key);
  }

  void record(Change change) {
    switch (change.type()) {
      case ADDED, MODIFIED -> entries.put(change.key(), change.after());
      case DELETED -> entries.remove(change.key());
    }
    var before = change.before();
    if (before != null) {
      before.retire();
    }
    log.put(change.revision(), change);
    while (log.size() > logChangesMax) {
      forget();
    }
    grown.signalAll();
  }

  /** Forgets all changes up to and including the revision. */
  void compact(long revision) {
    while (!log.isEmpty() && log.firstKey() <= revision) {
      forget();
    }
    floor = Math.max(floor, revision);
    grown.signalAll();
  }

  private void forget() {
    var oldest = log.pollFirstEntry();
    floor = Math.max(floor, oldest.getKey());
  }

  boolean remembers(long revision) {
    return revision >= floor;
  }

  long floor() {
    return floor;
  }

  Collection<Change> changesAfter(long revision) {
    return log.tailMap(revision, false).values();
  }

  /** The objects whose keys begin with the prefix, as they are now. */
  NavigableMap<String, Entry> now(String prefix) {
    // '0' follows '/', which every prefix ends with.
    return prefix.isEmpty()
        ? entries
        : entries.subMap(prefix, true, prefix.substring(0, prefix.length() - 1) + '0', false);
  }

  /** The same as they were at a revision that is still remembered. */
  NavigableMap<String, Entry> at(long revision, String prefix) {
    var then = new TreeMap<>(now(prefix));
    for (var change : log.tailMap(revision, false).descendingMap().values()) {
      if (!change.key().startsWith(prefix)) {
        continue;
      }
      var before = change.before();
      if (before == null) {
        then.remove(change.key());
      } else {
        then.put(change.key(), before);
      }
    }
    return then;
  }

  Condition grown() {
    return grown;
  }

  int size() {
    return entries.size();
  }
}
