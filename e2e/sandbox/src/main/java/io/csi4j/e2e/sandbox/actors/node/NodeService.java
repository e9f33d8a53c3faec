package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.proto.csi.v1.NodeExpandVolumeRequest;
import io.csi4j.proto.csi.v1.NodeExpandVolumeResponse;
import io.csi4j.proto.csi.v1.NodeGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsRequest;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodePublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeResponse;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The node service of one driver. */
record NodeService(CsiCalls calls, Path socket, Duration limit) {

  CsiAnswer<NodeTraits> traits() {
    return call(
        node ->
            NodeTraits.of(
                node.nodeGetCapabilities(NodeGetCapabilitiesRequest.newBuilder().build())));
  }

  CsiAnswer<NodeGetInfoResponse> info() {
    return call(node -> node.nodeGetInfo(NodeGetInfoRequest.newBuilder().build()));
  }

  CsiAnswer<NodeStageVolumeResponse> stage(NodeStageVolumeRequest request) {
    return call(node -> node.nodeStageVolume(request));
  }

  CsiAnswer<NodePublishVolumeResponse> publish(NodePublishVolumeRequest request) {
    return call(node -> node.nodePublishVolume(request));
  }

  CsiAnswer<NodeUnpublishVolumeResponse> unpublish(NodeUnpublishVolumeRequest request) {
    return call(node -> node.nodeUnpublishVolume(request));
  }

  CsiAnswer<NodeUnstageVolumeResponse> unstage(NodeUnstageVolumeRequest request) {
    return call(node -> node.nodeUnstageVolume(request));
  }

  CsiAnswer<NodeExpandVolumeResponse> expand(NodeExpandVolumeRequest request) {
    return call(node -> node.nodeExpandVolume(request));
  }

  CsiAnswer<NodeGetVolumeStatsResponse> stats(NodeGetVolumeStatsRequest request) {
    return call(node -> node.nodeGetVolumeStats(request));
  }

  private <T> CsiAnswer<T> call(Function<NodeGrpc.NodeBlockingStub, T> call) {
    return calls.call(
        socket,
        channel ->
            call.apply(
                NodeGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)));
  }
}
