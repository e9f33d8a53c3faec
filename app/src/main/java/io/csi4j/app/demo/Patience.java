package io.csi4j.app.demo;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for what the parts bring about.
 *
 * @param limit how long one wait may take
 * @param pause between two looks
 */
record Patience(Time time, Duration limit, Duration pause, Interruptions interruptions) {

  /** What ends a wait early, and what explains that it was in vain. */
  interface Interruptions {
    /** Throws where there is no sense in waiting any longer. */
    void check();

    /** What the parts have complained about. */
    List<String> complaints();
  }

  /** For what no user wants to see cut short: that parts begin. */
  Patience atLeast(Duration duration) {
    return limit.compareTo(duration) < 0
        ? new Patience(time, duration, pause, interruptions)
        : this;
  }

  Patience lookingEvery(Duration duration) {
    return new Patience(time, limit, duration, interruptions);
  }

  void until(String what, BooleanSupplier claim) {
    until(() -> what, claim);
  }

  void until(Supplier<String> what, BooleanSupplier claim) {
    var _ = forResult(what, () -> claim.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  <T> T forResult(String what, Supplier<Optional<T>> look) {
    return forResult(() -> what, look);
  }

  /** The first answer that is there; what it waits for is part of the failure, and why. */
  private <T> T forResult(Supplier<String> what, Supplier<Optional<T>> look) {
    var begin = time.nanos();
    while (true) {
      interruptions.check();
      var found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (time.nanos() - begin > limit.toNanos()) {
        throw new StepFailed(
            "waited %ds for this: %s".formatted(limit.toSeconds(), what.get()),
            interruptions.complaints());
      }
      time.sleep(pause);
    }
  }
}
