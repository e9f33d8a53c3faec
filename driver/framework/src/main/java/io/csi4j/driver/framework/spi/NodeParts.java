package io.csi4j.driver.framework.spi;

import org.jspecify.annotations.Nullable;

/** What the node side can do; as {@link ControllerParts}. */
public record NodeParts(NodeInfo info, NodeVolumes volumes, @Nullable Staging staging) {

  public static NodeParts of(NodeInfo info, NodeVolumes volumes) {
    return new NodeParts(info, volumes, null);
  }

  public NodeParts with(Staging part) {
    return new NodeParts(info, volumes, part);
  }
}
