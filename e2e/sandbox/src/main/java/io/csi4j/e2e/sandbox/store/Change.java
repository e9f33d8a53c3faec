package io.csi4j.e2e.sandbox.store;

import org.jspecify.annotations.Nullable;

/**
 * One write.
 *
 * @param shelf the kind's place in the store
 * @param before missing when the object is new
 * @param after the object afterwards; for a deletion its last state, at the deletion's revision
 */
public record Change(Type type, String shelf, String key, @Nullable Entry before, Entry after) {

  /** The word that watches use. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  public long revision() {
    return after.revision();
  }
}
