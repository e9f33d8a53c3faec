package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Faults.Door;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The cluster as one process reaches it: each request goes through the gate. */
record GatedCluster(Cluster cluster, Gate gate) implements Cluster {

  @Override
  public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
    return cluster.table(kind, indexes);
  }

  @Override
  public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
    return gate.api(Door.READ, call("get", kind, key), () -> cluster.read(kind, key));
  }

  @Override
  public <T extends Resource> List<T> list(Kind<T> kind) {
    return gate.api(Door.READ, "list " + kind.plural(), () -> cluster.list(kind));
  }

  @Override
  public boolean serves(Kind<?> kind) {
    return gate.api(Door.READ, "discover " + kind.plural(), () -> cluster.serves(kind));
  }

  @Override
  public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
    return gate.api(
        Door.WRITE, call("create", kind, keyOf(body)), () -> cluster.create(kind, body));
  }

  @Override
  public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
    var verb = patch.target() == Patch.Target.STATUS ? "patch-status" : "patch";
    return gate.api(Door.WRITE, call(verb, kind, key), () -> cluster.patch(kind, key, patch));
  }

  @Override
  public <T extends Resource> Optional<T> update(
      Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
    return gate.api(Door.WRITE, call("update", kind, key), () -> cluster.update(kind, key, change));
  }

  @Override
  public <T extends Resource> T replace(Kind<T> kind, ObjectNode object) {
    return gate.api(
        Door.WRITE, call("replace", kind, keyOf(object)), () -> cluster.replace(kind, object));
  }

  @Override
  public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
    gate.api(
        Door.WRITE,
        call("delete", kind, key),
        () -> {
          cluster.delete(kind, key, uid);
          return key;
        });
  }

  private static ObjectKey keyOf(ObjectNode object) {
    var metadata = object.path("metadata");
    return new ObjectKey(metadata.path("namespace").asText(""), metadata.path("name").asText());
  }

  private static String call(String verb, Kind<?> kind, ObjectKey key) {
    return verb + " " + kind.plural() + " " + key;
  }
}
