package io.csi4j.e2e.simulator;

import java.util.List;
import java.util.function.Function;

/**
 * Something that must hold in the world.
 *
 * @param broken what is wrong, a line each; empty where all is well
 */
public record Invariant(String name, When when, Function<World, List<String>> broken) {

  /** When it is looked at. */
  public enum When {
    /** After every effect. */
    ALWAYS,
    /** When faults have stopped and all has come to rest. */
    AT_REST
  }

  public static Invariant atRest(String name, Function<World, List<String>> broken) {
    return new Invariant(name, When.AT_REST, broken);
  }

  public static Invariant always(String name, Function<World, List<String>> broken) {
    return new Invariant(name, When.ALWAYS, broken);
  }

  void check(World world) {
    var lines = broken.apply(world);
    if (!lines.isEmpty()) {
      throw new Violation.Found(new Violation(name, String.join("; ", lines)));
    }
  }
}
