package io.csi4j.sidecars.kit.events;

/** What becomes of an event. */
sealed interface EventStep {

  /** An object of its own, or again where the old one is gone. */
  record Create(Entry entry) implements EventStep {}

  /** One more of an object that was written before. */
  record Count(Entry entry) implements EventStep {}

  /** Too many about one object. */
  record Drop() implements EventStep {}
}
