package io.csi4j.sidecars.kit.cluster;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Records of one kind with their indexes. One writer, the reflector of that kind (changes are
 * serialised by {@code writes}); any number of readers, who never wait.
 */
public final class MemoryTable<T extends Resource> implements Table<T> {
  private final Map<ObjectKey, T> records = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Set<ObjectKey>>> filed = new ConcurrentHashMap<>();
  private final List<Index<T>> indexes = new CopyOnWriteArrayList<>();
  private final List<Listener<T>> listeners = new CopyOnWriteArrayList<>();
  private final Object writes = new Object();

  public MemoryTable(List<Index<T>> indexes) {
    alsoBy(indexes);
  }

  /** More indexes, for another controller in this process; those that are known stay. */
  public void alsoBy(List<Index<T>> more) {
    synchronized (writes) {
      for (var index : more) {
        if (filed.putIfAbsent(index.name(), new ConcurrentHashMap<>()) == null) {
          indexes.add(index);
          records.forEach((key, record) -> refile(index, key, null, record));
        }
      }
    }
  }

  @Override
  public @Nullable T get(ObjectKey key) {
    return records.get(key);
  }

  @Override
  public List<T> all() {
    return List.copyOf(records.values());
  }

  @Override
  public List<T> by(Index<T> index, String value) {
    var byValue = filed.get(index.name());
    if (byValue == null) {
      throw new IllegalStateException(
          "index %s was not named when its table was made".formatted(index.name()));
    }
    var keys = byValue.getOrDefault(value, Set.of());
    return keys.stream().map(this::get).filter(record -> record != null).toList();
  }

  @Override
  public void onChange(Listener<T> listener) {
    synchronized (writes) {
      listeners.add(listener);
      for (var record : records.values()) {
        listener.changed(null, record);
      }
    }
  }

  /** Takes in what a watch brought. */
  public void put(T record) {
    synchronized (writes) {
      if (!older(record)) {
        change(record.key(), record);
      }
    }
  }

  /**
   * Takes in what an own write brought back, so that the next look does not see the world before
   * it. An object that is not here is not put back: the watch may have told of its end already, and
   * would not tell again.
   */
  public void refresh(T record) {
    synchronized (writes) {
      if (records.containsKey(record.key()) && !older(record)) {
        change(record.key(), record);
      }
    }
  }

  /**
   * The watch may be behind what an own write has brought; resource versions of one object only
   * grow.
   */
  private boolean older(T record) {
    var known = records.get(record.key());
    return known != null
        && known.meta().uid().equals(record.meta().uid())
        && versionOf(record) < versionOf(known);
  }

  private static long versionOf(Resource record) {
    var version = record.meta().resourceVersion();
    return version.isEmpty() ? 0 : Long.parseLong(version);
  }

  public void remove(ObjectKey key) {
    synchronized (writes) {
      change(key, null);
    }
  }

  /** Takes in a whole list: what is not in it is gone. */
  public void replaceAll(Collection<T> list) {
    synchronized (writes) {
      var gone = new LinkedHashSet<>(records.keySet());
      for (var record : list) {
        gone.remove(record.key());
        var known = records.get(record.key());
        if (known == null
            || !known.meta().resourceVersion().equals(record.meta().resourceVersion())) {
          change(record.key(), record);
        }
      }
      for (var key : gone) {
        change(key, null);
      }
    }
  }

  private void change(ObjectKey key, @Nullable T after) {
    var before = after == null ? records.remove(key) : records.put(key, after);
    if (before == null && after == null) {
      return;
    }
    for (var index : indexes) {
      refile(index, key, before, after);
    }
    for (var listener : listeners) {
      listener.changed(before, after);
    }
  }

  private void refile(Index<T> index, ObjectKey key, @Nullable T before, @Nullable T after) {
    var byValue = filed.getOrDefault(index.name(), new LinkedHashMap<>());
    var old = before == null ? List.<String>of() : index.values().apply(before);
    var now = after == null ? List.<String>of() : index.values().apply(after);
    for (var value : old) {
      if (!now.contains(value)) {
        byValue.computeIfPresent(
            value,
            (_, keys) -> {
              keys.remove(key);
              return keys.isEmpty() ? null : keys;
            });
      }
    }
    for (var value : now) {
      byValue.computeIfAbsent(value, _ -> ConcurrentHashMap.newKeySet()).add(key);
    }
  }
}
