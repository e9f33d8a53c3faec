package io.csi4j.sidecars.kit.sidecar;

import io.csi4j.sidecars.kit.cluster.DeclaredCluster;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.events.Events;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.pacing.PacingOptions;
import java.util.function.Function;

/**
 * What works while a sidecar leads; a term has controllers of its own, and nothing that they knew
 * outlives it.
 */
public interface Controllers extends AutoCloseable {

  /** Begins; all tables have been filled. */
  void start();

  /** Ends, after what is in hand. */
  @Override
  void close();

  /** Builds them: asks for tables, and starts nothing. */
  @FunctionalInterface
  interface Builder {
    Controllers build(World world);

    /**
     * Asks for the tables that they will ask for, with the same indexes, to be filled before there
     * is a term.
     */
    default void tables(DriverIdentity identity, Cluster cluster) {}
  }

  /**
   * What they see of the world.
   *
   * @param yielding the same cluster, for writes that nobody waits for
   * @param paced the same cluster at a pace of its own, without tables
   */
  record World(
      DriverIdentity identity,
      Cluster cluster,
      Cluster yielding,
      Driver driver,
      Journal journal,
      Events events,
      Metrics metrics,
      QueueMetrics queues,
      Function<PacingOptions, Cluster> paced) {

    /** The same world to a controller that has declared what it does there. */
    public World within(Needs needs) {
      return new World(
          identity,
          new DeclaredCluster(cluster, needs),
          new DeclaredCluster(yielding, needs),
          driver,
          journal,
          events,
          metrics,
          queues,
          pacing -> new DeclaredCluster(paced.apply(pacing), needs));
    }
  }
}
