package io.csi4j.e2e.sandbox.actors.history;

/**
 * Something that must not happen, and did.
 *
 * @param invariant its number, such as {@code I3}
 */
public record Violation(String invariant, String what, Entry where) {

  @Override
  public String toString() {
    return "%s: %s, at %d: %s".formatted(invariant, what, where.number(), where);
  }
}
