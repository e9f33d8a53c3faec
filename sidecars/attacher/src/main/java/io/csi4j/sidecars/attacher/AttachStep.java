package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.AccessModes;
import java.util.List;

/** The next step for an attachment that should be attached. Pure: no I/O, no clock, no log. */
sealed interface AttachStep {

  /** Nothing to do. */
  record Settled() implements AttachStep {}

  /** The driver is not called. The user reads {@code reason} in {@code status.attachError}. */
  record Refuse(String reason) implements AttachStep {}

  /**
   * The volume can be on one node only and may still be on another: that one's detach comes first,
   * and its end wakes this one.
   */
  record Wait(String reason) implements AttachStep {}

  /**
   * Call the driver, after the finalizers that are missing have been added, and after the volume
   * has been taken off nodes where it may be and must not.
   */
  record Publish(
      Volume volume,
      Volume.Csi source,
      Mode mode,
      String nodeId,
      List<String> undo,
      Hold volumeHold,
      Hold attachmentHold)
      implements AttachStep {}

  /** Whether an object already carries what remembers a possible attachment. */
  enum Hold {
    MISSING,
    PRESENT
  }

  static AttachStep decide(AttachFacts facts) {
    var attachment = facts.attachment();
    if (attachment.attached() && !facts.doubted()) {
      return new Settled();
    }
    var problem = facts.sourceProblem();
    var volume = facts.volume();
    var source = volume == null ? null : volume.csi();
    if (!problem.isEmpty() || volume == null || source == null) {
      return new Refuse(problem);
    }
    if (volume.meta().deleting()) {
      return new Refuse(
          "PersistentVolume \"%s\" is marked for deletion".formatted(volume.meta().name()));
    }
    Mode mode;
    try {
      mode = AccessModes.of(volume.accessModes(), facts.driver().dialect());
    } catch (IllegalArgumentException e) {
      return new Refuse(String.valueOf(e.getMessage()));
    }
    var nodeId = facts.registeredNodeId();
    if (nodeId == null) {
      return new Refuse(facts.nodeProblem());
    }
    var rivals = Rivals.of(facts, mode);
    var ahead = rivals.ahead();
    if (ahead != null) {
      return new Wait(
          "volume is still attached to node \"%s\": VolumeAttachment %s must go first"
              .formatted(ahead.nodeName(), ahead.meta().name()));
    }
    var prepared = facts.attachmentHeld() && nodeId.equals(facts.publishedNodeId());
    return new Publish(
        volume,
        source,
        mode,
        nodeId,
        rivals.undo(),
        facts.volumeHeld(volume) ? Hold.PRESENT : Hold.MISSING,
        prepared ? Hold.PRESENT : Hold.MISSING);
  }
}
