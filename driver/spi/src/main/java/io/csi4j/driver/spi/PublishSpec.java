package io.csi4j.driver.spi;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A volume that shall be seen by a workload.
 *
 * @param targetPath made by the driver: a folder, or a file for a block device
 * @param stagingPath null when the caller did not stage
 */
public record PublishSpec(
    String volumeId,
    Path targetPath,
    @Nullable Path stagingPath,
    VolumeCapability capability,
    Writing writing,
    StageData data) {

  /** What the workload gets: a mode that only reads is as good as the flag. */
  public Writing effectiveWriting() {
    return Writing.readOnlyIf(writing == Writing.READ_ONLY || capability.mode().readOnly());
  }
}
