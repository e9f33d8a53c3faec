package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;

/**
 * How long to wait for driver or API server to come back: always about the same, so that after a
 * long absence nobody waits long for what has been there again for minutes. Spread, so that not all
 * that have waited come at once.
 */
record Patience(Time time) {
  private static final long LEAST_MILLIS = 1_000;
  private static final long SPREAD_MILLIS = 1_000;

  Verdict soon(String why) {
    return new Verdict.After(
        Duration.ofMillis(LEAST_MILLIS + time.random().nextLong(SPREAD_MILLIS)), why);
  }
}
