package io.csi4j.sidecars.kit.doors;

import java.util.Set;

/** What is known after a CSI call. One type for all sidecars; gRPC codes get their meaning here. */
public sealed interface Outcome<T> {

  /** Finished. */
  record Done<T>(T reply) implements Outcome<T> {}

  /** Failed, and the driver surely is not working on it. */
  record Refused<T>(Code code, String message) implements Outcome<T> {}

  /** May still be running: the key stays owned, and nothing is undone. */
  record InDoubt<T>(Code code, String message) implements Outcome<T> {}

  /** Never left this process. */
  record NotReached<T>(String message) implements Outcome<T> {}

  /** {@code inDoubt} differs by controller: a table, to be read next to its spec. */
  static <T> Outcome<T> ofFailure(Code code, String message, Set<Code> inDoubt) {
    return inDoubt.contains(code) ? new InDoubt<>(code, message) : new Refused<>(code, message);
  }

  /** The words in which the Go tools show a failed call to users. */
  static String goText(Code code, String description) {
    return "rpc error: code = %s desc = %s".formatted(code.goName(), description);
  }
}
