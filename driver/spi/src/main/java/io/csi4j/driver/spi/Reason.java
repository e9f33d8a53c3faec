package io.csi4j.driver.spi;

/** Why a call was not done; callers decide by it what to do next. The words are gRPC's. */
public enum Reason {
  /** The request can never work as it is. */
  INVALID_ARGUMENT,
  /** The object does not exist. */
  NOT_FOUND,
  /** It exists, but not as asked for. */
  ALREADY_EXISTS,
  /** Something else has to happen first, for example the volume be unstaged. */
  FAILED_PRECONDITION,
  /** Another call on the same object is running. */
  ABORTED,
  /** Larger or smaller than can ever be. */
  OUT_OF_RANGE,
  /** No room here; elsewhere or later there may be. */
  RESOURCE_EXHAUSTED,
  /** The credentials may not do this. */
  PERMISSION_DENIED,
  /** The credentials are not valid. */
  UNAUTHENTICATED,
  /** The storage cannot be reached just now; nothing is known to be wrong with the request. */
  UNAVAILABLE,
  /**
   * It failed in a way that nobody planned for. Never say this while work goes on in the
   * background.
   */
  INTERNAL
}
