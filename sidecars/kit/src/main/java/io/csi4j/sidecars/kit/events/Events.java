package io.csi4j.sidecars.kit.events;

/** Where a controller tells users what happened. */
@FunctionalInterface
public interface Events {

  /** Never waits and never fails; the event may be counted, merged or dropped. */
  void record(Event event);
}
