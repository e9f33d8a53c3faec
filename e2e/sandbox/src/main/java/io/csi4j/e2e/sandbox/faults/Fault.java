package io.csi4j.e2e.sandbox.faults;

import java.time.Duration;

/** What happens to a write. */
public sealed interface Fault {

  /** Nothing. */
  record None() implements Fault {}

  /** It is refused with this code, and has no effect. */
  record Refuse(int code, String reason, String message) implements Fault {
    public static Refuse conflict() {
      return new Refuse(409, "Conflict", "the object has been modified (an injected fault)");
    }

    public static Refuse internal() {
      return new Refuse(500, "InternalError", "an injected fault");
    }

    public static Refuse throttled() {
      return new Refuse(429, "TooManyRequests", "an injected fault");
    }
  }

  /** It has its effect, and then the client is told that it failed. */
  record FailAfter(int code, String reason, String message) implements Fault {}

  /** The connection is cut before it has an effect. */
  record CutBefore() implements Fault {}

  /** It has its effect, and then the connection is cut. */
  record CutAfter() implements Fault {}

  /** It waits first. */
  record Delay(Duration pause) implements Fault {}
}
