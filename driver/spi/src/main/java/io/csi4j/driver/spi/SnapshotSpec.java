package io.csi4j.driver.spi;

import java.util.SortedMap;

/** A snapshot that shall be; the same name means the same snapshot. */
public record SnapshotSpec(
    String name,
    String sourceVolumeId,
    SortedMap<String, String> parameters,
    TopologyRequirement topology,
    Secrets secrets) {}
