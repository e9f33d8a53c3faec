package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.KeyLocks;
import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Attachments;
import io.csi4j.driver.framework.spi.ContentSource;
import io.csi4j.driver.framework.spi.ControllerParts;
import io.csi4j.driver.framework.spi.Plugin;
import io.csi4j.driver.framework.spi.Secrets;
import io.csi4j.driver.framework.spi.Trait;
import io.csi4j.driver.framework.spi.VolumeSpec;
import io.csi4j.driver.framework.spi.Volumes;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesResponse.Confirmed;
import io.grpc.stub.StreamObserver;

/** Volumes and attachments, for callers anywhere. */
final class ControllerService extends ControllerGrpc.ControllerImplBase {
  private final Plugin plugin;
  private final ControllerParts parts;
  private final KeyLocks locks;
  private final Calls calls;

  ControllerService(Plugin plugin, ControllerParts parts, KeyLocks locks, Calls calls) {
    this.plugin = plugin;
    this.parts = parts;
    this.locks = locks;
    this.calls = calls;
  }

  @Override
  public void controllerGetCapabilities(
      ControllerGetCapabilitiesRequest request,
      StreamObserver<ControllerGetCapabilitiesResponse> observer) {
    calls.serve(
        Call.earlyQuestion("ControllerGetCapabilities"),
        observer,
        () -> Answer.done(capabilities()));
  }

  @Override
  public void createVolume(
      CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> observer) {
    calls.serve(
        Call.change("CreateVolume", "volume", request.getName()),
        observer,
        () -> checked(request).then(() -> create(FromProto.volumeSpec(request))));
  }

  @Override
  public void deleteVolume(
      DeleteVolumeRequest request, StreamObserver<DeleteVolumeResponse> observer) {
    var id = request.getVolumeId();
    calls.serve(
        Call.change("DeleteVolume", "volume", id),
        observer,
        () -> checks().id("volume_id", id).then(() -> delete(request)));
  }

  @Override
  public void validateVolumeCapabilities(
      ValidateVolumeCapabilitiesRequest request,
      StreamObserver<ValidateVolumeCapabilitiesResponse> observer) {
    calls.serve(
        Call.question("ValidateVolumeCapabilities", "volume", request.getVolumeId()),
        observer,
        () ->
            checks()
                .id("volume_id", request.getVolumeId())
                .capabilities("volume_capabilities", request.getVolumeCapabilitiesList())
                .map("parameters", request.getParametersMap())
                .map("mutable_parameters", request.getParametersMutableMap())
                .then(() -> validate(request)));
  }

  @Override
  public void controllerPublishVolume(
      ControllerPublishVolumeRequest request,
      StreamObserver<ControllerPublishVolumeResponse> observer) {
    var attachments = parts.attachments();
    if (attachments == null) {
      super.controllerPublishVolume(request, observer);
      return;
    }
    calls.serve(
        Call.change("ControllerPublishVolume", "volume", request.getVolumeId()),
        observer,
        () -> checked(request).then(() -> attach(attachments, request)));
  }

  @Override
  public void controllerUnpublishVolume(
      ControllerUnpublishVolumeRequest request,
      StreamObserver<ControllerUnpublishVolumeResponse> observer) {
    var attachments = parts.attachments();
    if (attachments == null) {
      super.controllerUnpublishVolume(request, observer);
      return;
    }
    calls.serve(
        Call.change("ControllerUnpublishVolume", "volume", request.getVolumeId()),
        observer,
        () ->
            checks()
                .id("volume_id", request.getVolumeId())
                .optionalNodeId("node_id", request.getNodeId())
                .then(() -> detach(attachments, request)));
  }

  private FieldChecks checks() {
    return new FieldChecks(plugin.traits());
  }

  private FieldChecks checked(CreateVolumeRequest request) {
    return checks()
        .name("name", request.getName())
        .capabilities("volume_capabilities", request.getVolumeCapabilitiesList())
        .capacity(request.getCapacityRange())
        .map("parameters", request.getParametersMap())
        .unless(
            !request.getParametersMutableMap().isEmpty(),
            "mutable_parameters: this driver has none")
        .unless(
            request.hasAccessibilityRequirements() && !plugin.has(Trait.TOPOLOGY),
            "accessibility_requirements: this driver has no topology")
        .unless(
            request.hasVolumeContentSource(),
            "volume_content_source: this driver has none to offer");
  }

  private FieldChecks checked(ControllerPublishVolumeRequest request) {
    return checks()
        .id("volume_id", request.getVolumeId())
        .nodeId("node_id", request.getNodeId())
        .capability(
            "volume_capability", request.hasVolumeCapability(), request.getVolumeCapability())
        .unless(
            request.getReadonly() && !plugin.has(Trait.ATTACH_READ_ONLY),
            "readonly: this driver does not offer it");
  }

  private Answer<CreateVolumeResponse> create(VolumeSpec spec) {
    var keys =
        switch (spec.source()) {
          case ContentSource.Blank() -> Keys.none();
          case ContentSource.FromSnapshot(var id) -> Keys.none().snapshotShared(id);
          case ContentSource.FromVolume(var id) -> Keys.none().volumeShared(id);
        };
    return LockedWork.run(locks, keys.volumeName(spec.name()), () -> parts.volumes().create(spec))
        .map(volume -> CreateVolumeResponse.newBuilder().setVolume(ToProto.volume(volume)).build());
  }

  private Answer<DeleteVolumeResponse> delete(DeleteVolumeRequest request) {
    var id = request.getVolumeId();
    var secrets = Secrets.of(request.getSecretsMap());
    return LockedWork.run(locks, Keys.none().volume(id), () -> parts.volumes().delete(id, secrets))
        .map(_ -> DeleteVolumeResponse.getDefaultInstance());
  }

  private Answer<ValidateVolumeCapabilitiesResponse> validate(
      ValidateVolumeCapabilitiesRequest request) {
    var usage = FromProto.usage(request);
    return parts
        .volumes()
        .supports(request.getVolumeId(), usage)
        .map(
            support ->
                switch (support) {
                  case Volumes.Support.Supported(var context) -> {
                    var confirmed =
                        Confirmed.newBuilder()
                            .putAllVolumeContext(context)
                            .putAllParameters(usage.parameters())
                            .putAllParametersMutable(usage.mutableParameters());
                    usage.capabilities().stream()
                        .map(ToProto::capability)
                        .forEach(confirmed::addVolumeCapabilities);
                    yield ValidateVolumeCapabilitiesResponse.newBuilder()
                        .setConfirmed(confirmed)
                        .build();
                  }
                  case Volumes.Support.NotSupported(var why) ->
                      ValidateVolumeCapabilitiesResponse.newBuilder().setMessage(why).build();
                });
  }

  private Answer<ControllerPublishVolumeResponse> attach(
      Attachments attachments, ControllerPublishVolumeRequest request) {
    var spec = FromProto.attachmentSpec(request);
    return LockedWork.run(
            locks, Keys.none().volume(spec.volumeId()), () -> attachments.attach(spec))
        .map(
            context ->
                ControllerPublishVolumeResponse.newBuilder().putAllPublishContext(context).build());
  }

  private Answer<ControllerUnpublishVolumeResponse> detach(
      Attachments attachments, ControllerUnpublishVolumeRequest request) {
    var id = request.getVolumeId();
    var nodes =
        request.getNodeId().isEmpty()
            ? new Attachments.Nodes.All()
            : new Attachments.Nodes.One(request.getNodeId());
    var secrets = Secrets.of(request.getSecretsMap());
    return LockedWork.run(
            locks, Keys.none().volume(id), () -> attachments.detach(id, nodes, secrets))
        .map(_ -> ControllerUnpublishVolumeResponse.getDefaultInstance());
  }

  private ControllerGetCapabilitiesResponse capabilities() {
    var reply = ControllerGetCapabilitiesResponse.newBuilder();
    reply.addCapabilities(rpc(RPC.Type.CREATE_DELETE_VOLUME));
    if (parts.attachments() != null) {
      reply.addCapabilities(rpc(RPC.Type.PUBLISH_UNPUBLISH_VOLUME));
    }
    if (plugin.has(Trait.ATTACH_READ_ONLY)) {
      reply.addCapabilities(rpc(RPC.Type.PUBLISH_READONLY));
    }
    if (plugin.has(Trait.SINGLE_NODE_MULTI_WRITER)) {
      reply.addCapabilities(rpc(RPC.Type.SINGLE_NODE_MULTI_WRITER));
    }
    return reply.build();
  }

  private static ControllerServiceCapability rpc(RPC.Type type) {
    return ControllerServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)).build();
  }
}
