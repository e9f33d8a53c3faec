package io.csi4j.driver.spi;

import java.util.List;

/**
 * Telling which volumes there are. Reported as {@code LIST_VOLUMES}, and with {@link
 * Trait#GET_VOLUME} as {@code GET_VOLUME}; with {@link Attachments} also as {@code
 * LIST_VOLUMES_PUBLISHED_NODES}.
 */
public interface VolumeListing extends ControllerPart {

  /**
   * Volumes in the order of their IDs, beginning behind {@code lastId}, which may be gone by now;
   * empty for the beginning. Pages by ID neither repeat nor skip a volume, whatever is made or
   * removed between two of them.
   */
  List<ListedVolume> volumesAfter(String lastId, int countMax);

  /** {@code NOT_FOUND} when there is no such volume. */
  Answer<ListedVolume> volume(String volumeId);

  /**
   * A volume and where it is attached.
   *
   * @param nodeIds empty where nobody attaches, too
   */
  record ListedVolume(Volume volume, List<String> nodeIds) {

    public ListedVolume {
      nodeIds = List.copyOf(nodeIds);
    }
  }
}
