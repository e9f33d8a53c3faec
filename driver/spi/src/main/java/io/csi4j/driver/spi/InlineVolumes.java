package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.nio.file.Path;

/**
 * Volumes that are written into a pod, and live and die with it: nobody creates or stages them.
 * Kubernetes knows it by the CSIDriver object's {@code volumeLifecycleModes}; CSI has no word for
 * it.
 */
public interface InlineVolumes extends NodePart {

  /**
   * Makes the volume, and shows it at the target. Its ID comes from kubelet; what the pod's author
   * wrote is the volume context of {@link PublishSpec#data}, so it deserves no trust. After a
   * refusal nothing may be left: there may be no second call.
   */
  Answer<Nothing> publishInline(PublishSpec spec);

  /** Whether {@link #publishInline} has made this volume. */
  boolean inline(String volumeId);

  /** Takes it away from the target, and removes it. */
  Answer<Nothing> unpublishInline(String volumeId, Path targetPath);
}
