package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.AccessModes;
import java.util.Optional;

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

  /** Call the driver, after the finalizers that are missing have been added. */
  record Publish(
      Volume volume,
      Volume.Csi source,
      Mode mode,
      String nodeId,
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
    var rival = rival(facts, mode);
    if (rival.isPresent()) {
      return new Wait(
          "volume is still attached to node \"%s\": VolumeAttachment %s must go first"
              .formatted(rival.get().nodeName(), rival.get().meta().name()));
    }
    var prepared = facts.attachmentHeld() && nodeId.equals(facts.publishedNodeId());
    return new Publish(
        volume,
        source,
        mode,
        nodeId,
        facts.volumeHeld(volume) ? Hold.PRESENT : Hold.MISSING,
        prepared ? Hold.PRESENT : Hold.MISSING);
  }

  /**
   * Who has to go first. Of two that may both be attached and are neither known to be nor on their
   * way out, none waits for the other: they would for ever, and the driver knows.
   */
  private static Optional<Attachment> rival(AttachFacts facts, Mode mode) {
    if (!isOnOneNode(mode)) {
      return Optional.empty();
    }
    return facts.rivals().stream()
        .filter(rival -> !facts.attachmentHeld() || rival.attached() || rival.meta().deleting())
        .findFirst();
  }

  private static boolean isOnOneNode(Mode mode) {
    return switch (mode) {
      case SINGLE_NODE_WRITER,
          SINGLE_NODE_READER_ONLY,
          SINGLE_NODE_SINGLE_WRITER,
          SINGLE_NODE_MULTI_WRITER ->
          true;
      case MULTI_NODE_READER_ONLY,
          MULTI_NODE_SINGLE_WRITER,
          MULTI_NODE_MULTI_WRITER,
          UNKNOWN,
          UNRECOGNIZED ->
          false;
    };
  }
}
