package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.KeyLocks;
import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.NodeParts;
import io.csi4j.driver.framework.spi.Plugin;
import io.csi4j.driver.framework.spi.Staging;
import io.csi4j.driver.framework.spi.Trait;
import io.csi4j.proto.csi.v1.NodeGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.NodeGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodePublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeServiceCapability;
import io.csi4j.proto.csi.v1.NodeServiceCapability.RPC;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeResponse;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;

/** Volumes on this node, for its kubelet. */
final class NodeService extends NodeGrpc.NodeImplBase {
  private final Plugin plugin;
  private final NodeParts parts;
  private final KeyLocks locks;
  private final Calls calls;

  NodeService(Plugin plugin, NodeParts parts, KeyLocks locks, Calls calls) {
    this.plugin = plugin;
    this.parts = parts;
    this.locks = locks;
    this.calls = calls;
  }

  @Override
  public void nodeGetCapabilities(
      NodeGetCapabilitiesRequest request, StreamObserver<NodeGetCapabilitiesResponse> observer) {
    calls.serve(
        Call.earlyQuestion("NodeGetCapabilities"), observer, () -> Answer.done(capabilities()));
  }

  @Override
  public void nodeGetInfo(
      NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> observer) {
    calls.serve(Call.question("NodeGetInfo"), observer, () -> Answer.done(info()));
  }

  @Override
  public void nodeStageVolume(
      NodeStageVolumeRequest request, StreamObserver<NodeStageVolumeResponse> observer) {
    var staging = parts.staging();
    if (staging == null) {
      super.nodeStageVolume(request, observer);
      return;
    }
    calls.serve(
        Call.change("NodeStageVolume", "volume", request.getVolumeId()),
        observer,
        () ->
            checks()
                .id("volume_id", request.getVolumeId())
                .path("staging_target_path", request.getStagingTargetPath())
                .capability(
                    "volume_capability",
                    request.hasVolumeCapability(),
                    request.getVolumeCapability())
                .then(() -> stage(staging, request)));
  }

  @Override
  public void nodeUnstageVolume(
      NodeUnstageVolumeRequest request, StreamObserver<NodeUnstageVolumeResponse> observer) {
    var staging = parts.staging();
    if (staging == null) {
      super.nodeUnstageVolume(request, observer);
      return;
    }
    calls.serve(
        Call.change("NodeUnstageVolume", "volume", request.getVolumeId()),
        observer,
        () ->
            checks()
                .id("volume_id", request.getVolumeId())
                .path("staging_target_path", request.getStagingTargetPath())
                .then(() -> unstage(staging, request)));
  }

  @Override
  public void nodePublishVolume(
      NodePublishVolumeRequest request, StreamObserver<NodePublishVolumeResponse> observer) {
    calls.serve(
        Call.change("NodePublishVolume", "volume", request.getVolumeId()),
        observer,
        () ->
            checks()
                .id("volume_id", request.getVolumeId())
                .path("target_path", request.getTargetPath())
                .capability(
                    "volume_capability",
                    request.hasVolumeCapability(),
                    request.getVolumeCapability())
                .optionalPath("staging_target_path", request.getStagingTargetPath())
                .then(() -> publish(request)));
  }

  @Override
  public void nodeUnpublishVolume(
      NodeUnpublishVolumeRequest request, StreamObserver<NodeUnpublishVolumeResponse> observer) {
    calls.serve(
        Call.change("NodeUnpublishVolume", "volume", request.getVolumeId()),
        observer,
        () ->
            checks()
                .id("volume_id", request.getVolumeId())
                .path("target_path", request.getTargetPath())
                .then(() -> unpublish(request)));
  }

  private FieldChecks checks() {
    return new FieldChecks(plugin.traits());
  }

  private Answer<NodeStageVolumeResponse> stage(Staging staging, NodeStageVolumeRequest request) {
    var spec = FromProto.stageSpec(request);
    return LockedWork.run(locks, Keys.none().volume(spec.volumeId()), () -> staging.stage(spec))
        .map(_ -> NodeStageVolumeResponse.getDefaultInstance());
  }

  private Answer<NodeUnstageVolumeResponse> unstage(
      Staging staging, NodeUnstageVolumeRequest request) {
    var id = request.getVolumeId();
    var path = Path.of(request.getStagingTargetPath());
    return LockedWork.run(locks, Keys.none().volume(id), () -> staging.unstage(id, path))
        .map(_ -> NodeUnstageVolumeResponse.getDefaultInstance());
  }

  private Answer<NodePublishVolumeResponse> publish(NodePublishVolumeRequest request) {
    var spec = FromProto.publishSpec(request);
    return LockedWork.run(
            locks, Keys.none().volume(spec.volumeId()), () -> parts.volumes().publish(spec))
        .map(_ -> NodePublishVolumeResponse.getDefaultInstance());
  }

  private Answer<NodeUnpublishVolumeResponse> unpublish(NodeUnpublishVolumeRequest request) {
    var id = request.getVolumeId();
    var path = Path.of(request.getTargetPath());
    return LockedWork.run(locks, Keys.none().volume(id), () -> parts.volumes().unpublish(id, path))
        .map(_ -> NodeUnpublishVolumeResponse.getDefaultInstance());
  }

  private NodeGetInfoResponse info() {
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

  private NodeGetCapabilitiesResponse capabilities() {
    var reply = NodeGetCapabilitiesResponse.newBuilder();
    if (parts.staging() != null) {
      reply.addCapabilities(rpc(RPC.Type.STAGE_UNSTAGE_VOLUME));
    }
    if (plugin.has(Trait.SINGLE_NODE_MULTI_WRITER)) {
      reply.addCapabilities(rpc(RPC.Type.SINGLE_NODE_MULTI_WRITER));
    }
    return reply.build();
  }

  private static NodeServiceCapability rpc(RPC.Type type) {
    return NodeServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)).build();
  }
}
