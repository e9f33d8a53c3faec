package io.csi4j.driver.spi;

import java.util.List;

/**
 * Telling what is wrong with a volume as this node sees it. Reported as {@code GET_VOLUME_HEALTH}
 * and {@code GET_STORAGE_HEALTH}, and to older callers as {@code VOLUME_CONDITION}; CSI calls all
 * of it alpha.
 */
public interface NodeHealth extends NodePart {

  /** Empty when nothing is known to be wrong. {@code NOT_FOUND} when there is no such volume. */
  Answer<List<HealthProblem>> problemsHere(String volumeId);

  /** What is wrong with the storage as a whole. */
  List<HealthProblem> storageProblems();
}
