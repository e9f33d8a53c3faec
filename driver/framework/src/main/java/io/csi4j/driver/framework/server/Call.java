package io.csi4j.driver.framework.server;

/**
 * A call as the log shows it.
 *
 * @param method with its service, as in {@code /csi.v1.Node/NodePublishVolume}
 * @param kind whether it is told about at INFO
 * @param subject what {@code subjectId} is: one of the words that all our logs use; empty for calls
 *     about nothing
 */
record Call(String method, Kind kind, String subject, String subjectId) {

  /** Without its service. */
  String name() {
    return method.substring(method.lastIndexOf('/') + 1);
  }

  enum Kind {
    /** Changes something. */
    CHANGE,
    /** Only asks, and is asked often. */
    QUESTION,
    /** Asks, and is answered even while the driver starts. */
    EARLY_QUESTION
  }
}
