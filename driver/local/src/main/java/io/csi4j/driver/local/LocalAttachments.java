package io.csi4j.driver.local;

import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Answer.Nothing;
import io.csi4j.driver.framework.spi.AttachmentSpec;
import io.csi4j.driver.framework.spi.Attachments;
import io.csi4j.driver.framework.spi.Secrets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** Carries out {@link AttachStep}. */
final class LocalAttachments implements Attachments {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final LocalDriverOptions options;

  /** Held from counting to adding, so that two volumes cannot both take the last place. */
  private final ReentrantLock counting = new ReentrantLock();

  LocalAttachments(VolumeStore volumes, AttachmentStore attachments, LocalDriverOptions options) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.options = options;
  }

  @Override
  public Answer<SortedMap<String, String>> attach(AttachmentSpec spec) {
    counting.lock();
    try {
      return switch (AttachStep.decide(facts(spec))) {
        case AttachStep.Attached() -> Answer.done(new TreeMap<>());
        case AttachStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
        case AttachStep.Attach(var record) -> {
          attachments.add(record);
          yield Answer.done(new TreeMap<>());
        }
      };
    } finally {
      counting.unlock();
    }
  }

  @Override
  public Answer<Nothing> detach(String volumeId, Nodes nodes, Secrets secrets) {
    for (var attachment : attachments.ofVolume(volumeId)) {
      var meant =
          switch (nodes) {
            case Nodes.All() -> true;
            case Nodes.One(var nodeId) -> nodeId.equals(attachment.nodeId());
          };
      if (meant) {
        attachments.remove(attachment);
      }
    }
    return Answer.done();
  }

  private AttachStep.AttachFacts facts(AttachmentSpec spec) {
    return new AttachStep.AttachFacts(
        spec,
        volumes.byId(spec.volumeId()).orElse(null),
        options.nodeId(),
        attachments.ofVolume(spec.volumeId()),
        attachments.countOnNode(spec.nodeId()),
        options.attachLimit());
  }
}
