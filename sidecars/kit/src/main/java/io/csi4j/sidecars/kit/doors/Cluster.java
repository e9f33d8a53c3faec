package io.csi4j.sidecars.kit.doors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The door to the API server. Reads by key and index come from tables; {@link #read} asks the
 * server itself where a stale answer would do harm. Writes throw {@link ApiFailure}, which the
 * reconciler loop catches once for all.
 */
public interface Cluster {

  /**
   * The table of a kind, one for all who ask for it, with the indexes of all; tables are asked for
   * before they start.
   */
  <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes);

  default <T extends Resource> Table<T> table(Kind<T> kind) {
    return table(kind, List.of());
  }

  /** The object as the server has it now. */
  <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key);

  /** All objects of a kind as the server has them now; for the rare look that needs no table. */
  default <T extends Resource> List<T> list(Kind<T> kind) {
    throw new UnsupportedOperationException("this door lists nothing: " + kind);
  }

  /** Whether the server knows the kind in this version; asked where an older one may not. */
  default boolean serves(Kind<?> kind) {
    return true;
  }

  /** Creates the object that {@code body} describes, and returns what the server made of it. */
  <T extends Resource> T create(Kind<T> kind, ObjectNode body);

  <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch);

  /**
   * Reads the whole object, changes it and writes it back on condition that nobody else has
   * meanwhile. For kinds that the Go tools' manifests grant {@code update} on but not {@code
   * patch}; empty where the object is gone.
   */
  <T extends Resource> Optional<T> update(Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change);

  /**
   * Writes the whole object as it is, in one request, on condition that the server still has the
   * resource version that it carries; else a conflict. For whoever remembers what it wrote last.
   */
  default <T extends Resource> T replace(Kind<T> kind, ObjectNode object) {
    var metadata = object.path("metadata");
    var key = new ObjectKey(metadata.path("namespace").asText(""), metadata.path("name").asText());
    var known = metadata.path("resourceVersion").asText();
    return update(
            kind,
            key,
            stored -> {
              var version = stored.path("metadata").path("resourceVersion").asText();
              if (!version.equals(known)) {
                throw new ApiFailure.Conflict(
                    "update %s %s: is at version %s, not %s".formatted(kind, key, version, known));
              }
              stored.removeAll();
              stored.setAll(object.deepCopy());
            })
        .orElseThrow(() -> new ApiFailure.NotFound("update %s %s: not found".formatted(kind, key)));
  }

  /**
   * Asks for deletion of exactly the object with this UID; an object of the same name and another
   * UID is a conflict.
   */
  <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid);
}
