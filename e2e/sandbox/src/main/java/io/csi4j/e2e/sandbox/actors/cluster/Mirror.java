package io.csi4j.e2e.sandbox.actors.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.store.Store;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The newest state of every object that actors have heard of, by watches and by the answers to
 * their own writes. It may be old, as all caches are; it never goes back. Nobody may change what it
 * hands out. All methods may be called from any thread.
 */
public final class Mirror {
  private final Map<Kind, Map<String, ObjectNode>> objects = new EnumMap<>(Kind.class);

  /** At which revision an object was deleted: an answer that comes late must not bring it back. */
  private final Map<Kind, Map<String, Long>> graves = new EnumMap<>(Kind.class);

  private final List<Consumer<Kind>> listeners = new CopyOnWriteArrayList<>();

  public Mirror() {
    for (var kind : Kind.values()) {
      objects.put(kind, new TreeMap<>());
      graves.put(kind, new HashMap<>());
    }
  }

  /** Called after each change, on the thread that brought it: must be quick. */
  public void listen(Consumer<Kind> listener) {
    listeners.add(listener);
  }

  public Optional<ObjectNode> find(Kind kind, String namespace, String name) {
    synchronized (this) {
      return Optional.ofNullable(of(kind).get(Store.key(namespace, name)));
    }
  }

  /** In the order of their names. */
  public List<ObjectNode> all(Kind kind) {
    synchronized (this) {
      return List.copyOf(of(kind).values());
    }
  }

  void learn(Kind kind, ObjectNode object) {
    if (put(kind, object)) {
      tell(kind);
    }
  }

  private synchronized boolean put(Kind kind, ObjectNode object) {
    var key = key(object);
    var revision = revision(object);
    var known = of(kind).get(key);
    var grave = graves(kind).getOrDefault(key, 0L);
    if (revision <= grave || (known != null && revision <= revision(known))) {
      return false;
    }
    of(kind).put(key, object);
    return true;
  }

  void forget(Kind kind, ObjectNode last) {
    synchronized (this) {
      var known = of(kind).get(key(last));
      if (known != null && revision(known) > revision(last)) {
        return;
      }
      of(kind).remove(key(last));
      graves(kind).put(key(last), revision(last));
    }
    tell(kind);
  }

  /** What a list says is all there is, but for what is newer. */
  void replace(Kind kind, List<ObjectNode> all, long revision) {
    synchronized (this) {
      var listed = new HashSet<String>();
      for (var object : all) {
        listed.add(key(object));
        put(kind, object);
      }
      of(kind)
          .entrySet()
          .removeIf(
              entry -> !listed.contains(entry.getKey()) && revision(entry.getValue()) <= revision);
    }
    tell(kind);
  }

  private void tell(Kind kind) {
    listeners.forEach(listener -> listener.accept(kind));
  }

  private Map<String, ObjectNode> of(Kind kind) {
    return objects.getOrDefault(kind, Map.of());
  }

  private Map<String, Long> graves(Kind kind) {
    return graves.getOrDefault(kind, Map.of());
  }

  private static String key(ObjectNode object) {
    return Store.key(
        Json.text(object, "metadata", "namespace"), Json.text(object, "metadata", "name"));
  }

  private static long revision(ObjectNode object) {
    return Json.at(object, "metadata", "resourceVersion").asLong();
  }
}
