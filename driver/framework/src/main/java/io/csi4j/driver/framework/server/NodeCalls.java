package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.NodeExpansion;
import io.csi4j.driver.spi.NodeHealth;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.NodeStatistics;
import io.csi4j.driver.spi.Staging;
import io.csi4j.driver.spi.Trait;
import io.csi4j.proto.csi.v1.NodeGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.NodeServiceCapability;
import io.csi4j.proto.csi.v1.NodeServiceCapability.RPC;
import io.grpc.ServerServiceDefinition;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The service of a node: which calls there are, and which capabilities are reported. */
final class NodeCalls {
  private NodeCalls() {}

  static ServerServiceDefinition table(Reception reception, NodeParts parts, Calls calls) {
    var table =
        new ServiceTable(NodeGrpc.SERVICE_NAME, calls)
            .earlyQuestion(
                NodeGrpc.getNodeGetCapabilitiesMethod(),
                () -> Answer.done(capabilities(reception, parts)))
            .question(
                NodeGrpc.getNodeGetInfoMethod(),
                ServiceTable.Subject.nothing(),
                _ -> Answer.done(info(parts)));
    new PublishCalls(reception, parts).addTo(table);
    new NodeStateCalls(reception, parts).addTo(table);
    return table.build();
  }

  private static NodeGetInfoResponse info(NodeParts parts) {
    var info = parts.info();
    var reply =
        NodeGetInfoResponse.newBuilder()
            .setNodeId(info.nodeId())
            .setMaxVolumesPerNode(info.volumesMax());
    var topology = info.topology();
    if (topology != null) {
      reply.setAccessibleTopology(ToProto.topology(topology));
    }
    return reply.build();
  }

  private static NodeGetCapabilitiesResponse capabilities(Reception reception, NodeParts parts) {
    var types = EnumSet.noneOf(RPC.Type.class);
    addWhen(parts.has(Staging.class), types, RPC.Type.STAGE_UNSTAGE_VOLUME);
    addWhen(parts.has(NodeStatistics.class), types, RPC.Type.GET_VOLUME_STATS);
    addWhen(parts.has(NodeExpansion.class), types, RPC.Type.EXPAND_VOLUME);
    addWhen(
        parts.has(NodeHealth.class),
        types,
        RPC.Type.GET_VOLUME_HEALTH,
        RPC.Type.GET_STORAGE_HEALTH);
    addWhen(
        parts.has(NodeHealth.class) && parts.has(NodeStatistics.class),
        types,
        RPC.Type.VOLUME_CONDITION);
    addWhen(
        reception.has(Trait.SINGLE_NODE_MULTI_WRITER), types, RPC.Type.SINGLE_NODE_MULTI_WRITER);
    var reply = NodeGetCapabilitiesResponse.newBuilder();
    for (var type : types) {
      reply.addCapabilities(
          NodeServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)));
    }
    return reply.build();
  }

  private static void addWhen(boolean offered, Set<RPC.Type> types, RPC.Type... added) {
    if (offered) {
      types.addAll(List.of(added));
    }
  }
}
