package io.csi4j.driver.spi;

/**
 * Something that is wrong with a volume.
 *
 * @param reason one word in CamelCase, for programs
 * @param message for people
 */
public record HealthProblem(Kind kind, String reason, String message) {

  /** How bad it is. */
  public enum Kind {
    DEGRADED,
    INACCESSIBLE,
    DATA_LOSS
  }
}
