package io.csi4j.sidecars.kit.doors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.MemoryTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The API server as far as leases, config maps and events need it: versions, conflicts, merge
 * patches, and whatever {@link #before} and {@link #after} throw.
 */
public final class FakeCluster implements Cluster {

  /** Sees each request as {@code verb plural/name}; may throw, wait, or change the world. */
  @FunctionalInterface
  public interface Hook {
    void at(String request);
  }

  /** Request has not been done. */
  public Hook before = _ -> {};

  /** Request has been done, and nobody has heard of it. */
  public Hook after = _ -> {};

  /** Whether tables are told of anything. */
  public boolean watches = true;

  private final Map<Kind<?>, MemoryTable<?>> tables = new LinkedHashMap<>();
  private final Map<String, ObjectNode> stored = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private long version = 100;

  @Override
  public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
    if (!kind.part().isOne()) {
      throw new UnsupportedOperationException("tables of one object only");
    }
    // The map files each table under its own kind, so the cast cannot fail.
    @SuppressWarnings("unchecked")
    var table = (MemoryTable<T>) tables.computeIfAbsent(kind, _ -> new MemoryTable<T>(List.of()));
    all(kind).forEach(object -> show(kind, object));
    return table;
  }

  /** A watch brings what was written, at once. */
  private <T extends Resource> void show(Kind<T> kind, ObjectNode object) {
    // As above.
    @SuppressWarnings("unchecked")
    var table = (MemoryTable<T>) tables.get(kind);
    if (table != null && watches && key(object).name().equals(kind.part().name())) {
      table.put(parsed(kind, object));
    }
  }

  private void tell(Kind<?> written, ObjectNode object) {
    for (var kind : List.copyOf(tables.keySet())) {
      if (kind.plural().equals(written.plural())) {
        show(kind, object);
      }
    }
  }

  @Override
  public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
    arrive("get", kind, key.name());
    var found = Optional.ofNullable(stored.get(path(kind, key))).map(each -> parsed(kind, each));
    after.at("get %s/%s".formatted(kind.plural(), key.name()));
    return found;
  }

  @Override
  public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
    var key = key(body);
    arrive("create", kind, key.name());
    if (stored.containsKey(path(kind, key))) {
      throw new ApiFailure.AlreadyExists("create %s: exists".formatted(key));
    }
    return stored("create", kind, key, body.deepCopy());
  }

  @Override
  public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
    arrive("patch", kind, key.name());
    var object = existing(kind, key).deepCopy();
    switch (patch) {
      case Patch.Merge(var body, _) -> merge(object, body);
      case Patch.Operations _ -> throw new UnsupportedOperationException("merge patches only");
    }
    return stored("patch", kind, key, object);
  }

  @Override
  public <T extends Resource> Optional<T> update(
      Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
    if (!stored.containsKey(path(kind, key))) {
      return Optional.empty();
    }
    var object = existing(kind, key).deepCopy();
    change.accept(object);
    return Optional.of(replace(kind, object));
  }

  @Override
  public <T extends Resource> T replace(Kind<T> kind, ObjectNode object) {
    var key = key(object);
    arrive("update", kind, key.name());
    var known = existing(kind, key).at("/metadata/resourceVersion");
    if (!known.equals(object.at("/metadata/resourceVersion"))) {
      throw new ApiFailure.Conflict("update %s: the object has been modified".formatted(key));
    }
    return stored("update", kind, key, object.deepCopy());
  }

  @Override
  public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
    arrive("delete", kind, key.name());
    stored.remove(path(kind, key));
  }

  /** All requests that arrived, refused ones included. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public List<String> requests(String prefix) {
    return requests.stream().filter(each -> each.startsWith(prefix)).toList();
  }

  public List<ObjectNode> all(Kind<?> kind) {
    return stored.entrySet().stream()
        .filter(each -> each.getKey().startsWith(kind.plural() + "/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  public ObjectNode get(Kind<?> kind, ObjectKey key) {
    return existing(kind, key);
  }

  /** Changes an object as others do. */
  public void change(Kind<?> kind, ObjectKey key, Consumer<ObjectNode> change) {
    var object = existing(kind, key).deepCopy();
    change.accept(object);
    put(kind, key, object);
  }

  /** Removes an object as others do. */
  public void forget(Kind<?> kind, ObjectKey key) {
    stored.remove(path(kind, key));
    tables.forEach(
        (each, table) -> {
          if (watches && each.plural().equals(kind.plural())) {
            table.remove(key);
          }
        });
  }

  private void arrive(String verb, Kind<?> kind, String name) {
    var request = "%s %s/%s".formatted(verb, kind.plural(), name);
    requests.add(request);
    before.at(request);
  }

  private <T extends Resource> T stored(
      String verb, Kind<T> kind, ObjectKey key, ObjectNode object) {
    put(kind, key, object);
    after.at("%s %s/%s".formatted(verb, kind.plural(), key.name()));
    return parsed(kind, object);
  }

  private void put(Kind<?> kind, ObjectKey key, ObjectNode object) {
    var metadata = object.withObjectProperty("metadata");
    metadata.put("resourceVersion", Long.toString(++version));
    if (!metadata.has("uid")) {
      metadata.put("uid", "uid-" + version);
    }
    stored.put(path(kind, key), object);
    tell(kind, object);
  }

  private ObjectNode existing(Kind<?> kind, ObjectKey key) {
    var found = stored.get(path(kind, key));
    if (found == null) {
      throw new ApiFailure.NotFound("%s %s not found".formatted(kind, key));
    }
    return found;
  }

  private static String path(Kind<?> kind, ObjectKey key) {
    return kind.plural() + "/" + key;
  }

  private static ObjectKey key(ObjectNode object) {
    return new ObjectKey(
        object.at("/metadata/namespace").asText(""), object.at("/metadata/name").asText(""));
  }

  private static void merge(ObjectNode object, JsonNode patch) {
    patch
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isNull()) {
                object.remove(each.getKey());
              } else if (each.getValue() instanceof ObjectNode inner) {
                merge(object.withObjectProperty(each.getKey()), inner);
              } else {
                object.set(each.getKey(), each.getValue());
              }
            });
  }

  private static <T extends Resource> T parsed(Kind<T> kind, ObjectNode object) {
    try (var json = object.traverse()) {
      json.nextToken();
      return kind.reader().read(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
