package io.csi4j.driver.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the node side can do; as {@link ControllerParts}. */
public record NodeParts(NodeInfo info, NodeVolumes volumes, List<NodePart> more) {

  public NodeParts {
    more = List.copyOf(more);
  }

  public static NodeParts of(NodeInfo info, NodeVolumes volumes, NodePart... more) {
    return new NodeParts(info, volumes, List.of(more));
  }

  public NodeParts with(NodePart part) {
    var all = new ArrayList<>(more);
    all.add(part);
    return new NodeParts(info, volumes, all);
  }

  /** The part that does this, if there is one. */
  public <T extends NodePart> Optional<T> find(Class<T> kind) {
    return more.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  public boolean has(Class<? extends NodePart> kind) {
    return find(kind).isPresent();
  }
}
