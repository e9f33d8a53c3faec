package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.util.SortedMap;

/** Attaching volumes to nodes from afar. Reported as {@code PUBLISH_UNPUBLISH_VOLUME}. */
public interface Attachments extends ControllerPart {

  /**
   * Attaches, and brings what the node must know to use the volume; no secrets in it.
   *
   * <p>Refusals: {@code NOT_FOUND} for an unknown volume or node; {@code ALREADY_EXISTS} when
   * attached there in another way; {@code FAILED_PRECONDITION}, naming the other node, when
   * attached elsewhere; {@code RESOURCE_EXHAUSTED} when the node holds as many as it can.
   */
  Answer<SortedMap<String, String>> attach(AttachmentSpec spec);

  /** Detaches. A volume or node that is not known counts as detached. */
  Answer<Nothing> detach(String volumeId, Nodes nodes, Secrets secrets);

  /** From where to detach. */
  sealed interface Nodes {

    record One(String nodeId) implements Nodes {}

    record All() implements Nodes {}
  }
}
