package io.csi4j.e2e.sandbox.actors;

import io.csi4j.e2e.sandbox.actors.attaching.AttachDetach.ForceDetach;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions;
import io.csi4j.e2e.sandbox.clock.Surroundings;
import java.util.List;

/** Which actors there are. */
public record ActorsOptions(
    List<NodeOptions> nodes, ForceDetach forceDetach, Surroundings surroundings) {

  public ActorsOptions {
    nodes = List.copyOf(nodes);
  }

  public static ActorsOptions of(NodeOptions... nodes) {
    return new ActorsOptions(
        List.of(nodes), ForceDetach.AFTER_SIX_MINUTES, Surroundings.ofMachine());
  }

  public ActorsOptions withForceDetach(ForceDetach when) {
    return new ActorsOptions(nodes, when, surroundings);
  }
}
