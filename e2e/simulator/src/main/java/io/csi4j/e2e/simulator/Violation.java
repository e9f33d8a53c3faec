package io.csi4j.e2e.simulator;

/** What must never be was. */
public record Violation(String invariant, String what) {

  @Override
  public String toString() {
    return invariant + ": " + what;
  }

  /** Ends the run; no controller catches it. */
  static final class Found extends Error {
    private static final long serialVersionUID = 1L;

    private final transient Violation violation;

    Found(Violation violation) {
      super(violation.toString(), null, false, false);
      this.violation = violation;
    }

    Violation violation() {
      return violation;
    }
  }
}
