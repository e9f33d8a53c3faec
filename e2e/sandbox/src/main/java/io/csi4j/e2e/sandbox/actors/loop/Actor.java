package io.csi4j.e2e.sandbox.actors.loop;

import java.time.Instant;

/**
 * A part of Kubernetes. It is level triggered: a pass looks at the whole world and does what is to
 * be done next, whatever happened before.
 */
@FunctionalInterface
public interface Actor {

  /** The time of the next pass if nothing changes until then; {@link ActorTime#NEVER} for none. */
  Instant pass(Instant now) throws InterruptedException;

  /** Called once, after the last pass, also when the actor was killed. */
  default void ended() {}
}
