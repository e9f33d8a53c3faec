package io.csi4j.sidecars.kit.queue;

import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the keys that wait, and how many may be worked on at once. Called inside
 * the queue's lock only, so it needs none of its own; it must not wait.
 */
public interface Turns<K> {

  /** A key waits from now on; it does not yet, and is not worked on. */
  void add(K key);

  /** A key that waits has been added once more: something about it may have changed. */
  default void addedAgain(K key) {}

  /** Whether {@link #next} would have one. */
  boolean ready();

  /** The key that shall be worked on now, which waits no longer; null where all have to wait. */
  @Nullable K next();

  /** A key that {@link #next} gave is no longer worked on. */
  void done(K key);

  /** How many keys wait. */
  int waiting();

  /** No key comes any more; what should not be begun now is forgotten. */
  default void close() {}
}
