package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.cluster.Attachment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which other attachments of the volume stand in the way of this one, where the volume can be on
 * one node only. Pure.
 *
 * <p>Whoever finds the other held waits for it. That both are held and neither is known to be
 * attached is rare: a process that died may have done it by a request that came late, or an
 * attacher that knew no such order. Then nobody knows where the volume is, and no pod uses it. The
 * first by name goes on, after the driver has taken the volume off the other's node; if both waited
 * it would be for ever.
 *
 * @param ahead has to go first; missing where none has
 * @param undo IDs of nodes from which the volume is to be taken before it is published
 */
record Rivals(@Nullable Attachment ahead, List<String> undo) {

  static Rivals of(AttachFacts facts, Mode mode) {
    var undo = new ArrayList<String>();
    if (isOnOneNode(mode)) {
      for (var rival : facts.rivals()) {
        if (isAhead(rival, facts)) {
          return new Rivals(rival, List.of());
        }
        var nodeId = rival.meta().annotations().getOrDefault(AttacherNames.NODE_ID, "");
        if (!nodeId.isEmpty()) {
          undo.add(nodeId);
        }
      }
    }
    return new Rivals(null, List.copyOf(undo));
  }

  private static boolean isAhead(Attachment rival, AttachFacts facts) {
    return !facts.attachmentHeld()
        || rival.attached()
        || rival.meta().deleting()
        || rival.meta().name().compareTo(facts.attachment().meta().name()) < 0;
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
