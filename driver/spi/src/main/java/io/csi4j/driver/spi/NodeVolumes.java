package io.csi4j.driver.spi;

import io.csi4j.driver.spi.Answer.Nothing;
import java.nio.file.Path;

/** Showing volumes to the workloads of this node; what every node part must do. */
public interface NodeVolumes {

  Answer<Nothing> publish(PublishSpec spec);

  /** Takes the target away, with everything that is mounted on it by us. Not there is fine. */
  Answer<Nothing> unpublish(String volumeId, Path targetPath);
}
