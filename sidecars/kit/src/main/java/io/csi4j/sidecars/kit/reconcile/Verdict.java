package io.csi4j.sidecars.kit.reconcile;

import java.time.Duration;

/**
 * When a key is to be seen again, and why. The why is what logs, metrics and {@code explain} show.
 */
public sealed interface Verdict {

  /** Nothing to do until something changes; earlier failures are forgotten. */
  record Settled() implements Verdict {}

  /** Failed: again after a pause that grows with each failure in a row. */
  record BackOff(String why) implements Verdict {}

  /** Again after this time; not a failure. */
  record After(Duration delay, String why) implements Verdict {}

  /** Waits for an input to change, which wakes the key by itself; earlier failures are kept. */
  record Parked(String why) implements Verdict {}
}
