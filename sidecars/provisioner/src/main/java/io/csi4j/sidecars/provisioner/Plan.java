package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.jspecify.annotations.Nullable;

/** What came of looking at all that a claim's volume depends on. */
sealed interface Plan {

  /**
   * The driver can be asked.
   *
   * @param guarded what must be kept from deletion first
   */
  record Create(Attempt attempt, Guarded guarded) implements Plan {}

  /** Not as it is now; tried again. */
  record Impossible(String reason) implements Plan {}

  /** The scheduler must choose again. */
  record NodeGone(String reason) implements Plan {}

  /** Somebody else's work. */
  record ForPopulator(String kind) implements Plan {}

  /** Sources that nobody may delete while they are read. */
  record Guarded(@Nullable ObjectKey claim, @Nullable ObjectKey snapshot) {
    static final Guarded NOTHING = new Guarded(null, null);
  }
}
