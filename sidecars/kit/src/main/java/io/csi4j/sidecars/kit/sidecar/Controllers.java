package io.csi4j.sidecars.kit.sidecar;

import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;

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
  }

  /** What they see of the world. */
  record World(DriverIdentity identity, Cluster cluster, Driver driver, QueueMetrics queues) {}
}
