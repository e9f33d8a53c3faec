package io.csi4j.sidecars.kit.reconcile;

import io.csi4j.sidecars.kit.doors.ObjectKey;

/**
 * Brings one object closer to what it should be. Gets a key, never an event: it may be called at
 * any time, twice, and after any crash.
 */
@FunctionalInterface
public interface Reconciler {
  Verdict reconcile(ObjectKey key);
}
