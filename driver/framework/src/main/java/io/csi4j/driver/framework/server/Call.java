package io.csi4j.driver.framework.server;

/**
 * A call as the log shows it.
 *
 * @param kind whether it is told about at INFO
 * @param subject what {@code subjectId} is: one of the words that all our logs use; empty for calls
 *     about nothing
 */
record Call(String name, Kind kind, String subject, String subjectId) {

  enum Kind {
    /** Changes something. */
    CHANGE,
    /** Only asks, and is asked often. */
    QUESTION,
    /** Asks, and is answered even while the driver starts. */
    EARLY_QUESTION
  }
}
