package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Where an attachment waits for its turn.
 *
 * @param node shares the lane with all other nodes
 * @param volume has one attachment in work at a time, whatever its node
 */
record Place(Lane lane, String node, String volume) {

  /** An attachment that is gone has nothing to wait for, and no volume to keep others from. */
  static Place of(ObjectKey key, @Nullable Attachment attachment) {
    if (attachment == null) {
      return new Place(Lane.ATTACH, "", "gone/" + key.name());
    }
    var volume = attachment.volumeName();
    return new Place(
        attachment.meta().deleting() ? Lane.DETACH : Lane.ATTACH,
        attachment.nodeName(),
        volume == null ? "inline/" + key.name() : "pv/" + volume);
  }
}
