package io.csi4j.sidecars.kit.sidecar;

import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.doors.Cluster;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of the term to come: its tables are filled and followed while another process leads,
 * so that a change of leaders costs no lists. Each term has one of its own, because listeners stay
 * with their tables. Confined to the sidecar's thread.
 */
final class NextTerm implements AutoCloseable {
  private final Supplier<ApiCluster> open;
  private final Consumer<Cluster> tables;
  private @Nullable ApiCluster waiting;

  NextTerm(Supplier<ApiCluster> open, Consumer<Cluster> tables) {
    this.open = open;
    this.tables = tables;
  }

  /** Begins to fill the tables that are known already; does not wait. */
  void prepare() {
    var cluster = open.get();
    waiting = cluster;
    tables.accept(cluster);
    cluster.start();
  }

  /** It is the caller's from now on. */
  ApiCluster take() {
    var cluster = waiting == null ? open.get() : waiting;
    waiting = null;
    return cluster;
  }

  @Override
  public void close() {
    if (waiting != null) {
      waiting.close();
      waiting = null;
    }
  }
}
