package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.AttachmentSpec;
import io.csi4j.driver.spi.Attachments;
import io.csi4j.driver.spi.Secrets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Carries out {@link AttachStep}. Deciding and reserving is one step under this object's monitor,
 * so that two volumes cannot both take a node's last place; the journal is written outside of it.
 */
final class LocalAttachments implements Attachments {
  private final Records<VolumeRecord> volumes;
  private final AttachmentStore attachments;
  private final LocalDriverOptions options;

  LocalAttachments(
      Records<VolumeRecord> volumes, AttachmentStore attachments, LocalDriverOptions options) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.options = options;
  }

  @Override
  public Answer<SortedMap<String, String>> attach(AttachmentSpec spec) {
    return switch (decideAndReserve(spec)) {
      case AttachStep.Attached() -> Answer.done(new TreeMap<>());
      case AttachStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
      case AttachStep.Attach(var record) -> {
        attachments.persist(record);
        yield Answer.done(new TreeMap<>());
      }
    };
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

  private synchronized AttachStep decideAndReserve(AttachmentSpec spec) {
    var step = AttachStep.decide(facts(spec));
    if (step instanceof AttachStep.Attach(var record)) {
      attachments.reserve(record);
    }
    return step;
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
