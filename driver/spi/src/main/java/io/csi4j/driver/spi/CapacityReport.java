package io.csi4j.driver.spi;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Telling how much room there is. Reported as {@code GET_CAPACITY}. */
public interface CapacityReport extends ControllerPart {

  /** A place or a kind of volume that cannot be has no room. */
  Answer<Room> room(Question question);

  /**
   * What the room is for.
   *
   * @param at null for everywhere
   */
  record Question(
      List<VolumeCapability> capabilities,
      SortedMap<String, String> parameters,
      @Nullable Topology at) {

    public Question {
      capabilities = List.copyOf(capabilities);
    }
  }

  /** All in bytes, none negative; the smallest and largest volume are of those that fit now. */
  record Room(long availableBytes, long volumeBytesMin, long volumeBytesMax) {
    public static final Room NONE = new Room(0, 0, 0);
  }
}
