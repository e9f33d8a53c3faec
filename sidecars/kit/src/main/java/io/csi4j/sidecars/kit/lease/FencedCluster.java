package io.csi4j.sidecars.kit.lease;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads always pass; writes only while leadership holds. */
record FencedCluster(Cluster cluster, Leadership leadership) implements Cluster {

  @Override
  public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
    return cluster.table(kind, indexes);
  }

  @Override
  public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
    return cluster.read(kind, key);
  }

  @Override
  public <T extends Resource> List<T> list(Kind<T> kind) {
    return cluster.list(kind);
  }

  @Override
  public boolean serves(Kind<?> kind) {
    return cluster.serves(kind);
  }

  @Override
  public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
    leadership.check("create " + kind);
    return cluster.create(kind, body);
  }

  @Override
  public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
    leadership.check("patch %s %s".formatted(kind, key));
    return cluster.patch(kind, key, patch);
  }

  @Override
  public <T extends Resource> Optional<T> update(
      Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
    leadership.check("update %s %s".formatted(kind, key));
    return cluster.update(
        kind,
        key,
        object -> {
          change.accept(object);
          // The read before the write may have taken as long as the lease had left.
          leadership.check("update %s %s".formatted(kind, key));
        });
  }

  @Override
  public <T extends Resource> T replace(Kind<T> kind, ObjectNode object) {
    leadership.check("replace " + kind);
    return cluster.replace(kind, object);
  }

  @Override
  public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
    leadership.check("delete %s %s".formatted(kind, key));
    cluster.delete(kind, key, uid);
  }
}
