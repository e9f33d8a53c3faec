package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Attachments;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Trait;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;

/** Attaching volumes to nodes from afar. */
final class AttachmentCalls {
  private final Reception reception;
  private final Attachments attachments;

  AttachmentCalls(Reception reception, Attachments attachments) {
    this.reception = reception;
    this.attachments = attachments;
  }

  void addTo(ServiceTable table) {
    table
        .change(
            ControllerGrpc.getControllerPublishVolumeMethod(),
            Subject.volume(ControllerPublishVolumeRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .nodeId("node_id", request.getNodeId())
                    .capability(
                        "volume_capability",
                        request.hasVolumeCapability(),
                        request.getVolumeCapability())
                    .unless(
                        request.getReadonly() && !reception.has(Trait.ATTACH_READ_ONLY),
                        "readonly: this driver does not offer it")
                    .then(() -> attach(request)))
        .change(
            ControllerGrpc.getControllerUnpublishVolumeMethod(),
            Subject.volume(ControllerUnpublishVolumeRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .optionalNodeId("node_id", request.getNodeId())
                    .then(() -> detach(request)));
  }

  private Answer<ControllerPublishVolumeResponse> attach(ControllerPublishVolumeRequest request) {
    var spec = FromProto.attachmentSpec(request);
    return reception
        .locked(Keys.none().volume(spec.volumeId()), () -> attachments.attach(spec))
        .map(
            context ->
                ControllerPublishVolumeResponse.newBuilder().putAllPublishContext(context).build());
  }

  private Answer<ControllerUnpublishVolumeResponse> detach(
      ControllerUnpublishVolumeRequest request) {
    var id = request.getVolumeId();
    var nodes =
        request.getNodeId().isEmpty()
            ? new Attachments.Nodes.All()
            : new Attachments.Nodes.One(request.getNodeId());
    var secrets = Secrets.of(request.getSecretsMap());
    return reception
        .locked(Keys.none().volume(id), () -> attachments.detach(id, nodes, secrets))
        .map(_ -> ControllerUnpublishVolumeResponse.getDefaultInstance());
  }
}
