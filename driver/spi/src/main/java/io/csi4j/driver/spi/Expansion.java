package io.csi4j.driver.spi;

/**
 * Making volumes larger while no node is asked. Reported as {@code EXPAND_VOLUME} of the
 * controller.
 */
public interface Expansion extends ControllerPart {

  /**
   * Makes the volume at least as large as asked for; it never shrinks.
   *
   * <p>Refusals: {@code NOT_FOUND}; {@code OUT_OF_RANGE} above the largest size, or when it is
   * larger than the limit already; {@code RESOURCE_EXHAUSTED} when there is no room.
   */
  Answer<Expanded> expand(String volumeId, CapacityRange capacity, Secrets secrets);

  /** How large it is now, and whether its node has something left to do. */
  record Expanded(long sizeBytes, OnNode onNode) {}

  /** What the node has to do before the workload sees the room. */
  enum OnNode {
    NOTHING_LEFT,
    EXPAND_TOO
  }
}
