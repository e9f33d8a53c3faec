package io.csi4j.driver.framework.mount;

import io.csi4j.driver.spi.BlockDevices.AttachedDevice;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.PublishSpec;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the decision to publish looks at.
 *
 * @param target the target path with the links of its parent resolved
 * @param staged whether the volume is staged at the path that the caller names
 * @param remembered null when we have no memory of this target
 * @param others targets of the same volume that are there at present
 */
record PublishFacts(
    PublishSpec spec,
    Path target,
    Content content,
    boolean staged,
    AtTarget atTarget,
    NodeUsage.@Nullable Target remembered,
    List<NodeUsage.Target> others,
    List<AttachedDevice> attached) {

  /** What is mounted at the target. */
  sealed interface AtTarget {

    record Free() implements AtTarget {}

    /** This volume. */
    record Ours(boolean readOnly) implements AtTarget {}

    record Foreign() implements AtTarget {}
  }
}
