package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.doors.Verb;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets through what a controller has declared. A call that it has not is our bug: in production it
 * would be forbidden, since the manifests grant what is declared; here it fails in any test that
 * makes it, with the one place to mend named.
 */
public record DeclaredCluster(Cluster cluster, Needs needs) implements Cluster {

  @Override
  public <T extends Resource> Table<T> table(Kind<T> kind, List<Table.Index<T>> indexes) {
    check(kind, Verb.LIST);
    check(kind, Verb.WATCH);
    return cluster.table(kind, indexes);
  }

  @Override
  public <T extends Resource> Optional<T> read(Kind<T> kind, ObjectKey key) {
    check(kind, Verb.GET);
    return cluster.read(kind, key);
  }

  @Override
  public <T extends Resource> List<T> list(Kind<T> kind) {
    check(kind, Verb.LIST);
    return cluster.list(kind);
  }

  /** Everybody may ask that. */
  @Override
  public boolean serves(Kind<?> kind) {
    return cluster.serves(kind);
  }

  @Override
  public <T extends Resource> T create(Kind<T> kind, ObjectNode body) {
    check(kind, Verb.CREATE);
    return cluster.create(kind, body);
  }

  @Override
  public <T extends Resource> T patch(Kind<T> kind, ObjectKey key, Patch patch) {
    switch (patch.target()) {
      case OBJECT -> check(kind, Verb.PATCH);
      case STATUS -> require(needs.coverStatus(kind, Verb.PATCH), Verb.PATCH, kind + "/status");
    }
    return cluster.patch(kind, key, patch);
  }

  @Override
  public <T extends Resource> Optional<T> update(
      Kind<T> kind, ObjectKey key, Consumer<ObjectNode> change) {
    check(kind, Verb.GET);
    check(kind, Verb.UPDATE);
    return cluster.update(kind, key, change);
  }

  @Override
  public <T extends Resource> T replace(Kind<T> kind, ObjectNode object) {
    check(kind, Verb.UPDATE);
    return cluster.replace(kind, object);
  }

  @Override
  public <T extends Resource> void delete(Kind<T> kind, ObjectKey key, String uid) {
    check(kind, Verb.DELETE);
    cluster.delete(kind, key, uid);
  }

  private void check(Kind<?> kind, Verb verb) {
    require(needs.cover(kind, verb), verb, kind.toString());
  }

  private static void require(boolean declared, Verb verb, String what) {
    if (!declared) {
      throw new IllegalStateException(
          "%s %s: not among the needs that this controller declares, from which its RBAC rules are made"
              .formatted(verb.word(), what));
    }
  }
}
