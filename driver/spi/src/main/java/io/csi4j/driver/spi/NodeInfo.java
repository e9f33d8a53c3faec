package io.csi4j.driver.spi;

import org.jspecify.annotations.Nullable;

/**
 * This node.
 *
 * @param volumesMax how many volumes it can hold; 0 leaves that to the caller
 * @param topology where it is; null for a driver without topology
 */
public record NodeInfo(String nodeId, long volumesMax, @Nullable Topology topology) {}
