package io.csi4j.e2e.sandbox.actors.node;

import static io.csi4j.proto.csi.v1.NodeServiceCapability.RPC.Type.EXPAND_VOLUME;
import static io.csi4j.proto.csi.v1.NodeServiceCapability.RPC.Type.GET_VOLUME_STATS;
import static io.csi4j.proto.csi.v1.NodeServiceCapability.RPC.Type.SINGLE_NODE_MULTI_WRITER;
import static io.csi4j.proto.csi.v1.NodeServiceCapability.RPC.Type.STAGE_UNSTAGE_VOLUME;
import static io.csi4j.proto.csi.v1.NodeServiceCapability.RPC.Type.VOLUME_MOUNT_GROUP;

import io.csi4j.proto.csi.v1.NodeGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.NodeServiceCapability.RPC;
import java.util.EnumSet;
import java.util.Set;

/** What a node service says that it can do. */
record NodeTraits(Set<RPC.Type> types) {

  NodeTraits {
    types = Set.copyOf(types);
  }

  static NodeTraits of(NodeGetCapabilitiesResponse response) {
    var types = EnumSet.noneOf(RPC.Type.class);
    response.getCapabilitiesList().forEach(each -> types.add(each.getRpc().getType()));
    return new NodeTraits(types);
  }

  boolean stages() {
    return types.contains(STAGE_UNSTAGE_VOLUME);
  }

  boolean expands() {
    return types.contains(EXPAND_VOLUME);
  }

  boolean tellsStats() {
    return types.contains(GET_VOLUME_STATS);
  }

  boolean setsGroup() {
    return types.contains(VOLUME_MOUNT_GROUP);
  }

  boolean knowsMultiWriter() {
    return types.contains(SINGLE_NODE_MULTI_WRITER);
  }
}
