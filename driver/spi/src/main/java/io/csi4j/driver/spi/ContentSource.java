package io.csi4j.driver.spi;

/** What a new volume is filled with. */
public sealed interface ContentSource {

  /** Nothing: it is empty. */
  record Blank() implements ContentSource {}

  record FromSnapshot(String snapshotId) implements ContentSource {}

  record FromVolume(String volumeId) implements ContentSource {}
}
