package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.Staging;
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

/** Bringing volumes to the workloads of this node, and taking them away. */
final class PublishCalls {
  private final Reception reception;
  private final NodeParts parts;

  PublishCalls(Reception reception, NodeParts parts) {
    this.reception = reception;
    this.parts = parts;
  }

  void addTo(ServiceTable table) {
    parts.find(Staging.class).ifPresent(staging -> addStaging(staging, table));
    table
        .change(
            NodeGrpc.getNodePublishVolumeMethod(),
            Subject.volume(NodePublishVolumeRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .path("target_path", request.getTargetPath())
                    .capability(
                        "volume_capability",
                        request.hasVolumeCapability(),
                        request.getVolumeCapability())
                    .optionalPath("staging_target_path", request.getStagingTargetPath())
                    .then(() -> publish(request)))
        .change(
            NodeGrpc.getNodeUnpublishVolumeMethod(),
            Subject.volume(NodeUnpublishVolumeRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .path("target_path", request.getTargetPath())
                    .then(() -> unpublish(request)));
  }

  private void addStaging(Staging staging, ServiceTable table) {
    table
        .change(
            NodeGrpc.getNodeStageVolumeMethod(),
            Subject.volume(NodeStageVolumeRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .path("staging_target_path", request.getStagingTargetPath())
                    .capability(
                        "volume_capability",
                        request.hasVolumeCapability(),
                        request.getVolumeCapability())
                    .then(() -> stage(staging, request)))
        .change(
            NodeGrpc.getNodeUnstageVolumeMethod(),
            Subject.volume(NodeUnstageVolumeRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .path("staging_target_path", request.getStagingTargetPath())
                    .then(() -> unstage(staging, request)));
  }

  private Answer<NodeStageVolumeResponse> stage(Staging staging, NodeStageVolumeRequest request) {
    var spec = FromProto.stageSpec(request);
    return reception
        .locked(Keys.none().volume(spec.volumeId()), () -> staging.stage(spec))
        .map(_ -> NodeStageVolumeResponse.getDefaultInstance());
  }

  private Answer<NodeUnstageVolumeResponse> unstage(
      Staging staging, NodeUnstageVolumeRequest request) {
    var id = request.getVolumeId();
    var path = Path.of(request.getStagingTargetPath());
    return reception
        .locked(Keys.none().volume(id), () -> staging.unstage(id, path))
        .map(_ -> NodeUnstageVolumeResponse.getDefaultInstance());
  }

  private Answer<NodePublishVolumeResponse> publish(NodePublishVolumeRequest request) {
    var spec = FromProto.publishSpec(request);
    return reception
        .locked(Keys.none().volume(spec.volumeId()), () -> parts.volumes().publish(spec))
        .map(_ -> NodePublishVolumeResponse.getDefaultInstance());
  }

  private Answer<NodeUnpublishVolumeResponse> unpublish(NodeUnpublishVolumeRequest request) {
    var id = request.getVolumeId();
    var path = Path.of(request.getTargetPath());
    return reception
        .locked(Keys.none().volume(id), () -> parts.volumes().unpublish(id, path))
        .map(_ -> NodeUnpublishVolumeResponse.getDefaultInstance());
  }
}
