package io.csi4j.driver.spi;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Telling how full a volume is. Reported as {@code GET_VOLUME_STATS}. */
public interface NodeStatistics extends NodePart {

  /**
   * {@code NOT_FOUND} for an unknown volume, and when it is not staged or published at the path.
   */
  Answer<Statistics> statistics(String volumeId, Path volumePath);

  /** What a volume holds. */
  sealed interface Statistics {

    /**
     * Of what is mounted.
     *
     * @param inodes null where the file system counts none
     */
    record OfFileSystem(Usage bytes, @Nullable Usage inodes) implements Statistics {}

    /** A device says nothing about what is used of it. */
    record OfDevice(long totalBytes, OptionalLong usedBytes) implements Statistics {}
  }

  /** How much of something. */
  record Usage(long total, long used, long available) {}
}
