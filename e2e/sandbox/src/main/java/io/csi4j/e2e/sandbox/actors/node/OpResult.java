package io.csi4j.e2e.sandbox.actors.node;

/** What came of an operation. */
sealed interface OpResult {

  record Done() implements OpResult {}

  /** It is tried again later. */
  record Failed(String reason) implements OpResult {}

  static OpResult notRegistered(String driver) {
    return new Failed(
        "driver name %s not found in the list of registered CSI drivers".formatted(driver));
  }
}
