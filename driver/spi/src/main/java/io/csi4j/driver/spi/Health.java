package io.csi4j.driver.spi;

import java.util.List;
import java.util.SortedMap;

/**
 * Telling from afar what is wrong with volumes. Reported as {@code GET_VOLUME_HEALTH} and {@code
 * LIST_VOLUME_HEALTH}, and to older callers as {@code VOLUME_CONDITION}; CSI calls all of it alpha.
 */
public interface Health extends ControllerPart {

  /** Empty when nothing is known to be wrong. {@code NOT_FOUND} when there is no such volume. */
  Answer<List<HealthProblem>> problems(String volumeId);

  /**
   * Volumes with a problem, in the order of their IDs, beginning behind {@code lastId}; see {@link
   * VolumeListing#volumesAfter}.
   */
  SortedMap<String, List<HealthProblem>> problemsAfter(String lastId, int countMax);

  /** What older callers are told: all problems in one line. */
  static String summary(List<HealthProblem> problems) {
    return String.join("; ", problems.stream().map(HealthProblem::message).toList());
  }
}
