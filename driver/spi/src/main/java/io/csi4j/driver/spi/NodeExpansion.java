package io.csi4j.driver.spi;

import java.nio.file.Path;

/**
 * Making a volume's file system, or its device, as large as the volume. Reported as {@code
 * EXPAND_VOLUME} of the node.
 */
public interface NodeExpansion extends NodePart {

  /**
   * Brings the size that the workload sees now.
   *
   * <p>Refusals: {@code NOT_FOUND} for an unknown volume, and when it is not staged or published at
   * the path; {@code FAILED_PRECONDITION} when it cannot be done while it is in use.
   *
   * @param capacity unspecified for all that there is
   */
  Answer<Long> expand(String volumeId, Path volumePath, CapacityRange capacity);
}
