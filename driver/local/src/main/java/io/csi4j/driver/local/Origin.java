package io.csi4j.driver.local;

import io.csi4j.driver.spi.BlockDevices.Content;

/** What is known about the source of a new volume. */
sealed interface Origin {

  /** It has none. */
  record None() implements Origin {}

  record Known(long sizeBytes, Content content) implements Origin {}

  /** There is no such source, and there was never meant to be one elsewhere. */
  record Unknown(String what) implements Origin {}

  /** It belongs to the driver of another node, which alone can read it. */
  record Elsewhere(String what) implements Origin {}
}
