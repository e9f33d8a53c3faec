package io.csi4j.driver.local;

import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.AttachmentSpec;
import io.csi4j.driver.spi.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What it takes that a volume is attached to a node. Pure. */
sealed interface AttachStep {

  /** It is, as asked for. */
  record Attached() implements AttachStep {}

  record Refuse(Reason reason, String message) implements AttachStep {}

  record Attach(AttachmentRecord record) implements AttachStep {}

  /**
   * All that the decision looks at.
   *
   * @param volume null when there is no such volume
   * @param knownNode the only node that there is: ours
   * @param attachments of this volume
   * @param onNode how many volumes the node holds
   * @param limit how many it may hold; 0 for no limit
   */
  record AttachFacts(
      AttachmentSpec spec,
      @Nullable VolumeRecord volume,
      String knownNode,
      List<AttachmentRecord> attachments,
      long onNode,
      int limit) {}

  static AttachStep decide(AttachFacts facts) {
    var spec = facts.spec();
    var volume = facts.volume();
    if (volume == null) {
      return new Refuse(Reason.NOT_FOUND, "volume %s does not exist".formatted(spec.volumeId()));
    }
    if (!spec.nodeId().equals(facts.knownNode())) {
      return new Refuse(
          Reason.NOT_FOUND,
          "node %s is not known; known is %s".formatted(spec.nodeId(), facts.knownNode()));
    }
    var objection = Offer.objection(volume, spec.capability());
    if (objection.isPresent()) {
      return new Refuse(Reason.INVALID_ARGUMENT, objection.get());
    }
    var wanted = new AttachmentRecord(spec.volumeId(), spec.nodeId(), use(spec));
    for (var attachment : facts.attachments()) {
      if (!attachment.nodeId().equals(spec.nodeId())) {
        return new Refuse(
            Reason.FAILED_PRECONDITION,
            "volume %s is attached to node %s".formatted(volume.id(), attachment.nodeId()));
      }
      return attachment.equals(wanted)
          ? new Attached()
          : new Refuse(
              Reason.ALREADY_EXISTS,
              "volume %s is attached to node %s in another way: %s"
                  .formatted(volume.id(), attachment.nodeId(), attachment.use()));
    }
    if (facts.limit() > 0 && facts.onNode() >= facts.limit()) {
      return new Refuse(
          Reason.RESOURCE_EXHAUSTED,
          "node %s holds %d volumes and can hold no more".formatted(spec.nodeId(), facts.onNode()));
    }
    return new Attach(wanted);
  }

  private static String use(AttachmentSpec spec) {
    var type =
        switch (spec.capability().type()) {
          case AccessType.Block() -> "block";
          case AccessType.Mount(var fsType, _) -> ("mount " + fsType).strip();
        };
    return "%s %s %s".formatted(type, spec.capability().mode(), spec.writing());
  }
}
