package io.csi4j.e2e.sandbox.actors.loop;

/** Ends an actor in the middle of its work, as a crash of its process does. */
public final class Killed extends Error {
  private static final long serialVersionUID = 1L;

  public Killed(String actor) {
    super("killed " + actor, null, false, false);
  }
}
