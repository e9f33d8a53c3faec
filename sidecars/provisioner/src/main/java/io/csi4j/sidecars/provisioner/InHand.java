package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Volumes that a worker has in hand. Claims and volumes have queues of their own, and of one volume
 * only one call may be under way.
 */
final class InHand {
  private static final Duration AGAIN = Duration.ofMillis(100);

  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** Takes the step, or comes back a little later where another worker has the volume. */
  Verdict holding(String volume, Supplier<Verdict> step) {
    if (!names.add(volume)) {
      return new Verdict.After(AGAIN, "its volume is being worked on");
    }
    try {
      return step.get();
    } finally {
      names.remove(volume);
    }
  }
}
