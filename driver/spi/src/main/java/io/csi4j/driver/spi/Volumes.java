package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.util.List;
import java.util.SortedMap;

/**
 * Making and removing volumes; what every controller must do. Reported as {@code
 * CREATE_DELETE_VOLUME}.
 */
public interface Volumes {

  /**
   * Makes the volume, or finds the one that has this name.
   *
   * <p>Refusals: {@code ALREADY_EXISTS} when the one with this name is not as asked for; {@code
   * INVALID_ARGUMENT} for a capability, parameter or source that cannot be; {@code NOT_FOUND} for
   * an unknown source; {@code OUT_OF_RANGE} when no size in the range is possible; {@code
   * RESOURCE_EXHAUSTED} when there is no room, or none at the place asked for.
   */
  Answer<Volume> create(VolumeSpec spec);

  /**
   * Removes it; one that does not exist is fine. {@code FAILED_PRECONDITION} while it is in use.
   */
  Answer<Nothing> delete(String volumeId, Secrets secrets);

  /**
   * Whether the volume can be used in all these ways. {@code NOT_FOUND} when there is no such
   * volume.
   */
  Answer<Support> supports(String volumeId, Usage usage);

  /** A question about a volume; empty maps were not asked about. */
  record Usage(
      List<VolumeCapability> capabilities,
      SortedMap<String, String> context,
      SortedMap<String, String> parameters,
      SortedMap<String, String> mutableParameters) {

    public Usage {
      capabilities = List.copyOf(capabilities);
    }
  }

  /** The reply to it. */
  sealed interface Support {

    /** Every bit of it. {@code context} is the volume's own. */
    record Supported(SortedMap<String, String> context) implements Support {}

    record NotSupported(String why) implements Support {}
  }
}
