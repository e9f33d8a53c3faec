package io.csi4j.driver.local;

import io.csi4j.driver.spi.BlockDevices.AttachedDevice;
import io.csi4j.driver.spi.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What it takes that a volume is gone. Pure. */
sealed interface DeleteStep {

  /** There is no such volume. */
  record Gone() implements DeleteStep {}

  record Refuse(Reason reason, String message) implements DeleteStep {}

  record Remove(VolumeRecord volume) implements DeleteStep {}

  /**
   * All that the decision looks at: the volume, its devices on this node, and where it is attached.
   */
  record DeleteFacts(
      @Nullable VolumeRecord volume,
      List<AttachedDevice> devices,
      List<AttachmentRecord> attachments) {}

  static DeleteStep decide(DeleteFacts facts) {
    var volume = facts.volume();
    if (volume == null) {
      return new Gone();
    }
    if (!facts.attachments().isEmpty()) {
      return new Refuse(
          Reason.FAILED_PRECONDITION,
          "volume %s is attached to node %s"
              .formatted(volume.id(), facts.attachments().getFirst().nodeId()));
    }
    if (!facts.devices().isEmpty()) {
      return new Refuse(
          Reason.FAILED_PRECONDITION,
          "volume %s is in use: it is device %s on this node"
              .formatted(volume.id(), facts.devices().getFirst().node()));
    }
    return new Remove(volume);
  }
}
