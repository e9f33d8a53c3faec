package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Attempts of which nobody knows how they ended. As long as one is here the driver may be working
 * on it, so it is repeated until the driver gives a final answer, also when its claim is deleted
 * meanwhile. A key is in one worker's hands at a time.
 */
final class Unfinished {
  private final Map<ObjectKey, Attempt> attempts = new ConcurrentHashMap<>();

  @Nullable Attempt of(ObjectKey claim) {
    return attempts.get(claim);
  }

  void remember(Attempt attempt) {
    attempts.put(attempt.claim().key(), attempt);
  }

  void forget(Attempt attempt) {
    attempts.remove(attempt.claim().key());
  }
}
