package io.csi4j.driver.framework.journal;

/**
 * The journal could not be written. It stays closed for writing: after a failed flush nobody knows
 * what is on the disk.
 */
public final class JournalFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  JournalFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
