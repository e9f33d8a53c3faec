package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.InlineVolumes;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Reason;
import java.nio.file.Path;

/** Tells volumes that a pod brings with it from those that somebody has made before. */
final class InlineCalls {
  private static final String EPHEMERAL = "csi.storage.k8s.io/ephemeral";

  private final NodeParts parts;

  InlineCalls(NodeParts parts) {
    this.parts = parts;
  }

  /** Kubelet says it with each call, also that it is none. */
  Answer<Nothing> publish(PublishSpec spec) {
    if (!"true".equals(spec.data().volumeContext().get(EPHEMERAL))) {
      return parts.volumes().publish(spec);
    }
    var inline = parts.find(InlineVolumes.class);
    return inline.isPresent()
        ? inline.get().publishInline(spec)
        : Answer.refused(
            Reason.INVALID_ARGUMENT, "this driver makes no volumes that are written into a pod");
  }

  /** Here kubelet says nothing but the ID. */
  Answer<Nothing> unpublish(String volumeId, Path targetPath) {
    return parts
        .find(InlineVolumes.class)
        .filter(inline -> inline.inline(volumeId))
        .map(inline -> inline.unpublishInline(volumeId, targetPath))
        .orElseGet(() -> parts.volumes().unpublish(volumeId, targetPath));
  }
}
