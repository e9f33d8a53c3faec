package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.util.SortedMap;

/**
 * Changing a volume's mutable parameters. Reported as {@code MODIFY_VOLUME}; who offers it takes
 * {@link VolumeSpec#mutableParameters} too.
 */
public interface Modification extends ControllerPart {

  /**
   * Applies the keys that are there and leaves all others. {@code INVALID_ARGUMENT} for an unknown
   * key or value, and then nothing has been applied. No keys at all are fine.
   */
  Answer<Nothing> modify(String volumeId, SortedMap<String, String> parameters, Secrets secrets);
}
