package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.MemoryTable;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in memory. Objects survive a crash of the process that works on them; its tables do
 * not, so each life gets a door of its own by {@link #life}. Tables follow writes only when {@link
 * #deliver} is called: between the two, a controller sees the world as it was, as it does behind a
 * real watch.
 */
public final class SimulatedCluster {
  private final Map<String, Map<ObjectKey, ObjectNode>> stored = new LinkedHashMap<>();
  private final List<Life> lives = new ArrayList<>();
  private final List<Observer> observers = new ArrayList<>();
  private final Set<Kind<?>> unserved = new HashSet<>();
  private long revision = 100;

  /** Hears of every write, whoever made it. */
  interface Observer {

    /** {@code after} is missing where the object is gone; it never changes any more. */
    void committed(Kind<?> kind, ObjectKey key, @Nullable ObjectNode after);
  }

  void onCommit(Observer observer) {
    observers.add(observer);
  }

  /** The door of one life of a process. */
  public Life life(Effects effects) {
    var life = new Life(effects);
    lives.add(life);
    return life;
  }

  /**
   * Stores an object that others have made, as it is; UID and version are given where they are
   * missing.
   */
  public ObjectKey put(Kind<?> kind, ObjectNode object) {
    var metadata = (ObjectNode) object.get("metadata");
    var key = new ObjectKey(metadata.path("namespace").asText(""), metadata.path("name").asText());
    if (!metadata.has("uid")) {
      metadata.put("uid", "uid-%s-%d".formatted(key.name(), ++revision));
    }
    commit(kind, key, object);
    return key;
  }

  /** Changes an object as others do. */
  public void change(Kind<?> kind, ObjectKey key, Consumer<ObjectNode> change) {
    var object = get(kind, key).deepCopy();
    change.accept(object);
    commit(kind, key, object);
  }

  /** Deletes an object as others do: it stays while it has finalizers. */
  public void delete(Kind<?> kind, ObjectKey key) {
    change(
        kind,
        key,
        object ->
            ((ObjectNode) object.get("metadata")).put("deletionTimestamp", "2026-01-01T00:00:00Z"));
  }

  public List<ObjectNode> all(Kind<?> kind) {
    return List.copyOf(objects(kind).values());
  }

  public boolean has(Kind<?> kind, ObjectKey key) {
    return objects(kind).containsKey(key);
  }

  /** The object as it is stored; it must be there. */
  public ObjectNode get(Kind<?> kind, ObjectKey key) {
    var object = objects(kind).get(key);
    if (object == null) {
      throw new ApiFailure.NotFound("%s \"%s\" not found".formatted(kind, key.name()));
    }
    return object;
  }

  /** Lets all tables see all that was written. */
  public void deliver() {
    lives.forEach(Life::catchUp);
  }

  /** Objects of a part of a kind are stored with all others of that kind. */
  private static boolean isPart(Kind<?> kind, ObjectNode object) {
    var part = kind.part();
    var namespace = object.at("/metadata/namespace").asText("");
    return (part.namespace().isEmpty() || part.namespace().equals(namespace))
        && (!part.isOne() || part.name().equals(object.at("/metadata/name").asText()))
        && Stream.of(part.labels().split(","))
            .filter(pair -> !pair.isEmpty())
            .map(pair -> pair.split("=", 2))
            .allMatch(
                pair -> object.at("/metadata/labels").path(pair[0]).asText("").equals(pair[1]));
  }

  /** Whatever part of it is meant. */
  static String nameOf(Kind<?> kind) {
    return kind.plural() + "." + kind.group();
  }

  private Map<ObjectKey, ObjectNode> objects(Kind<?> kind) {
    return stored.computeIfAbsent(
        nameOf(kind),
        _ ->
            new TreeMap<>(
                java.util.Comparator.comparing(ObjectKey::namespace)
                    .thenComparing(ObjectKey::name)));
  }

  /**
   * The one place where something is stored: versions grow, and what nobody holds any more goes.
   */
  private void commit(Kind<?> kind, ObjectKey key, ObjectNode object) {
    var metadata = (ObjectNode) object.get("metadata");
    metadata.put("resourceVersion", Long.toString(++revision));
    if (metadata.path("finalizers").isEmpty()) {
      metadata.remove("finalizers");
    }
    var gone = metadata.has("deletionTimestamp") && !metadata.has("finalizers");
    if (gone) {
      objects(kind).remove(key);
    } else {
      objects(kind).put(key, object);
    }
    for (var observer : observers) {
      observer.committed(kind, key, gone ? null : object);
    }
  }

  private static <T extends Resource> T read(Kind<T> kind, JsonNode object) {
    try (var json = object.traverse()) {
      json.nextToken();
      return kind.reader().read(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a server that is older than this kind. */
  public void withoutKind(Kind<?> kind) {
    unserved.add(kind);
  }

  /** What one life of a process sees and does. */
  public final class Life implements Cluster {
    private final Effects effects;
    private final Map<Kind<?>, MemoryTable<?>> tables = new LinkedHashMap<>();

    private Life(Effects effects) {
      this.effects = effects;
    }

    @Override
    public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
      var known = tableOf(kind);
      if (known != null) {
        return known;
      }
      var table = new MemoryTable<T>(indexes);
      tables.put(kind, table);
      return table;
    }

    @Override
    public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
      effects.reading("get %s %s".formatted(kind, key));
      return Optional.ofNullable(objects(kind).get(key))
          .map(object -> SimulatedCluster.read(kind, object));
    }

    @Override
    public <T extends Resource> List<T> list(Kind<T> kind) {
      return objects(kind).values().stream()
          .filter(object -> isPart(kind, object))
          .map(object -> SimulatedCluster.read(kind, object))
          .toList();
    }

    @Override
    public boolean serves(Kind<?> kind) {
      return !unserved.contains(kind);
    }

    @Override
    public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
      var object = body.deepCopy();
      var metadata = (ObjectNode) object.get("metadata");
      if (metadata.has("generateName") && !metadata.has("name")) {
        metadata.put("name", metadata.get("generateName").asText() + ++revision);
      }
      var key =
          new ObjectKey(metadata.path("namespace").asText(""), metadata.path("name").asText());
      return doing(
          "create %s %s".formatted(kind, key),
          () -> {
            if (has(kind, key)) {
              throw new ApiFailure.AlreadyExists(
                  "create %s: \"%s\" already exists".formatted(kind, key));
            }
            put(kind, object);
            return SimulatedCluster.read(kind, object);
          });
    }

    @Override
    public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
      var what =
          switch (patch.target()) {
            case OBJECT -> "patch %s %s".formatted(kind, key);
            case STATUS -> "patch %s/status %s".formatted(kind, key);
          };
      return doing(
          what,
          () -> {
            var object = get(kind, key).deepCopy();
            switch (patch) {
              case Patch.Merge(var body, _) -> applyMerge(object, body);
              case Patch.Operations(var body, _) -> applyOperations(object, body);
            }
            commit(kind, key, object);
            refresh(kind, key, object);
            return SimulatedCluster.read(kind, object);
          });
    }

    @Override
    public <T extends Resource> Optional<T> update(
        Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
      if (!has(kind, key)) {
        return Optional.empty();
      }
      return doing(
          "update %s %s".formatted(kind, key),
          () -> {
            change(kind, key, change);
            return read(kind, key);
          });
    }

    @Override
    public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
      doing(
          "delete %s %s".formatted(kind, key),
          () -> {
            if (!get(kind, key).at("/metadata/uid").asText().equals(uid)) {
              throw new ApiFailure.Conflict("delete %s %s: another UID".formatted(kind, key));
            }
            SimulatedCluster.this.delete(kind, key);
            return key;
          });
    }

    /** A version in the patch is its precondition. */
    private static void applyMerge(ObjectNode object, ObjectNode body) {
      var known = body.at("/metadata/resourceVersion");
      if (!known.isMissingNode() && !known.equals(object.at("/metadata/resourceVersion"))) {
        throw new ApiFailure.Conflict("patch: the object has been modified");
      }
      MergePatch.apply(object, body);
    }

    private static void applyOperations(ObjectNode object, ArrayNode operations) {
      try {
        JsonPatch.apply(object, operations.deepCopy());
      } catch (IllegalArgumentException e) {
        throw new ApiFailure.Conflict("patch: " + e.getMessage());
      }
    }

    private <R> R doing(String effect, java.util.function.Supplier<R> what) {
      effects.before(effect);
      var result = what.get();
      effects.after(effect);
      return result;
    }

    private <T extends Resource> void refresh(Kind<T> kind, ObjectKey key, ObjectNode object) {
      var table = tableOf(kind);
      if (table != null && has(kind, key)) {
        table.refresh(SimulatedCluster.read(kind, object));
      }
    }

    boolean watches(Kind<?> kind) {
      return tables.keySet().stream().anyMatch(each -> nameOf(each).equals(nameOf(kind)));
    }

    /** A watch event arrives. */
    void show(Kind<?> kind, ObjectKey key, @Nullable ObjectNode object) {
      for (var each : List.copyOf(tables.keySet())) {
        if (nameOf(each).equals(nameOf(kind))) {
          take(each, key, object);
        }
      }
    }

    private <T extends Resource> void take(
        Kind<T> kind, ObjectKey key, @Nullable ObjectNode object) {
      var table = tableOf(kind);
      if (table == null) {
        return;
      }
      if (object == null || !isPart(kind, object)) {
        table.remove(key);
      } else {
        table.put(SimulatedCluster.read(kind, object));
      }
    }

    /** A watch begins anew. */
    void relist(Kind<?> kind) {
      for (var each : List.copyOf(tables.keySet())) {
        if (nameOf(each).equals(nameOf(kind))) {
          catchUp(each);
        }
      }
    }

    /** All tables are filled anew. */
    void catchUp() {
      for (var kind : List.copyOf(tables.keySet())) {
        catchUp(kind);
      }
    }

    private <T extends Resource> void catchUp(Kind<T> kind) {
      var table = tableOf(kind);
      if (table != null) {
        table.replaceAll(
            objects(kind).values().stream()
                .filter(object -> isPart(kind, object))
                .map(object -> SimulatedCluster.read(kind, object))
                .toList());
      }
    }

    // The map files each table under its own kind, so the cast cannot fail.
    @SuppressWarnings("unchecked")
    private <T extends Resource> @Nullable MemoryTable<T> tableOf(Kind<T> kind) {
      return (MemoryTable<T>) tables.get(kind);
    }
  }

  /** A new object with a name, to be filled. */
  public static ObjectNode object(String namespace, String name) {
    var object = JsonNodeFactory.instance.objectNode();
    var metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }
}
