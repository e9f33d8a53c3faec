package io.csi4j.driver.spi;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume that shall be.
 *
 * @param name chosen by the caller: the same name means the same volume
 * @param capabilities at least one; the volume must serve each of them
 * @param parameters of the storage class; keys that Kubernetes adds for information are taken out
 * @param mutableParameters of the attributes class; they override equal keys of {@code parameters}
 */
public record VolumeSpec(
    String name,
    CapacityRange capacity,
    List<VolumeCapability> capabilities,
    SortedMap<String, String> parameters,
    SortedMap<String, String> mutableParameters,
    ContentSource source,
    TopologyRequirement topology,
    Secrets secrets) {

  public VolumeSpec {
    capabilities = List.copyOf(capabilities);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    mutableParameters = Collections.unmodifiableSortedMap(new TreeMap<>(mutableParameters));
  }
}
