package io.csi4j.driver.local;

import io.csi4j.driver.framework.server.Endpoint;
import io.csi4j.driver.spi.PluginInfo;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the driver is set up; each component is the flag that is named with it.
 *
 * @param endpoint {@code --endpoint}: {@code unix:///path.sock} or a path
 * @param nodeId {@code --nodeid}: required
 * @param stateDir {@code --statedir}: the folder for images and journal
 * @param driverName {@code --drivername}
 * @param version reported to callers as the driver's version
 * @param attach {@code --enable-attach}: simulate attaching, to work with an external attacher
 * @param attachLimit {@code --attach-limit}: volumes that can be attached at once; 0 for no limit
 * @param volumesPerNodeMax {@code --maxvolumespernode}: what the node reports; 0 leaves it to
 *     Kubernetes
 * @param volumeSizeBytesMax {@code --max-volume-size}
 * @param topology {@code --enable-topology}: volumes are reachable from this node only, and say so
 * @param features {@code --features} and the switches of single ones
 * @param blockMetadata {@code --snapshot-metadata-block-type}
 * @param thinOvercommit {@code --thin-overcommit}: all thin volumes together may be so many times
 *     as large as the pool
 */
public record LocalDriverOptions(
    String endpoint,
    String nodeId,
    Path stateDir,
    String driverName,
    String version,
    boolean attach,
    int attachLimit,
    long volumesPerNodeMax,
    long volumeSizeBytesMax,
    boolean topology,
    Set<Feature> features,
    BlockMetadata blockMetadata,
    int thinOvercommit) {

  /** How ranges of blocks are told. */
  public enum BlockMetadata {
    FIXED_LENGTH,
    VARIABLE_LENGTH
  }

  /** It becomes the value of a label. */
  private static final int NODE_ID_LENGTH_MAX = 63;

  private static final int THIN_OVERCOMMIT_DEFAULT = 10;

  /** It becomes part of the prefix of a label, behind "topology.". */
  private static final int DRIVER_NAME_LENGTH_MAX = 54;

  public LocalDriverOptions {
    features = Set.copyOf(features);
  }

  /** All defaults; {@code nodeId} has none. */
  public static LocalDriverOptions of(String nodeId) {
    return new LocalDriverOptions(
        "unix:///tmp/csi.sock",
        nodeId,
        Path.of("/csi-data-dir"),
        "local.csi4j.io",
        "0.1.0",
        false,
        0,
        0,
        1L << 40,
        true,
        Feature.defaults(),
        BlockMetadata.FIXED_LENGTH,
        THIN_OVERCOMMIT_DEFAULT);
  }

  /** What is wrong, by flag: what its value must be. Empty when all is well. */
  public SortedMap<String, String> problems() {
    var problems = new TreeMap<String, String>();
    try {
      Endpoint.parse(endpoint);
    } catch (IllegalArgumentException problem) {
      problems.put("endpoint", problem.getMessage());
    }
    if (!nodeId.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
        || nodeId.length() > NODE_ID_LENGTH_MAX) {
      problems.put(
          "nodeid", "must be letters, digits, '-', '_' and '.', at most " + NODE_ID_LENGTH_MAX);
    }
    if (!PluginInfo.validName(driverName) || driverName.length() > DRIVER_NAME_LENGTH_MAX) {
      problems.put(
          "drivername",
          "must be lower case as a domain, its first and last a letter, at most "
              + DRIVER_NAME_LENGTH_MAX);
    }
    if (attachLimit < 0) {
      problems.put("attach-limit", "must be 0 (no limit) or more");
    }
    if (volumesPerNodeMax < 0) {
      problems.put("maxvolumespernode", "must be 0 (no limit) or more");
    }
    if (thinOvercommit < 1) {
      problems.put("thin-overcommit", "must be 1 or more");
    }
    if (volumeSizeBytesMax <= 0) {
      problems.put("max-volume-size", "must be more than 0");
    }
    return problems;
  }

  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  public LocalDriverOptions withEndpoint(String changed) {
    return new LocalDriverOptions(
        changed,
        nodeId,
        stateDir,
        driverName,
        version,
        attach,
        attachLimit,
        volumesPerNodeMax,
        volumeSizeBytesMax,
        topology,
        features,
        blockMetadata,
        thinOvercommit);
  }

  public LocalDriverOptions withStateDir(Path changed) {
    return new LocalDriverOptions(
        endpoint,
        nodeId,
        changed,
        driverName,
        version,
        attach,
        attachLimit,
        volumesPerNodeMax,
        volumeSizeBytesMax,
        topology,
        features,
        blockMetadata,
        thinOvercommit);
  }

  /** Attaching on, with this limit (0 for none). */
  public LocalDriverOptions withAttach(int limit) {
    return new LocalDriverOptions(
        endpoint,
        nodeId,
        stateDir,
        driverName,
        version,
        true,
        limit,
        volumesPerNodeMax,
        volumeSizeBytesMax,
        topology,
        features,
        blockMetadata,
        thinOvercommit);
  }

  public LocalDriverOptions withFeatures(Set<Feature> changed) {
    return new LocalDriverOptions(
        endpoint,
        nodeId,
        stateDir,
        driverName,
        version,
        attach,
        attachLimit,
        volumesPerNodeMax,
        volumeSizeBytesMax,
        topology,
        changed,
        blockMetadata,
        thinOvercommit);
  }
}
