package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.nio.file.Path;

/**
 * Making a volume ready once per node, before any workload sees it. Reported as {@code
 * STAGE_UNSTAGE_VOLUME}.
 */
public interface Staging extends NodePart {

  Answer<Nothing> stage(StageSpec spec);

  /**
   * Undoes it. Not staged there is fine. {@code FAILED_PRECONDITION} while a workload still sees
   * the volume.
   */
  Answer<Nothing> unstage(String volumeId, Path stagingPath);
}
