package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.Modification;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Snapshots;
import io.csi4j.driver.spi.Trait;
import io.csi4j.driver.spi.VolumeSpec;
import io.csi4j.driver.spi.Volumes;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesResponse.Confirmed;

/** Making volumes and removing them. */
final class VolumeCalls {
  private final Reception reception;
  private final ControllerParts parts;

  VolumeCalls(Reception reception, ControllerParts parts) {
    this.reception = reception;
    this.parts = parts;
  }

  void addTo(ServiceTable table) {
    table
        .change(
            ControllerGrpc.getCreateVolumeMethod(),
            Subject.volume(CreateVolumeRequest::getName),
            request -> checked(request).then(() -> create(FromProto.volumeSpec(request))))
        .change(
            ControllerGrpc.getDeleteVolumeMethod(),
            Subject.volume(DeleteVolumeRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .then(() -> delete(request)))
        .question(
            ControllerGrpc.getValidateVolumeCapabilitiesMethod(),
            Subject.volume(ValidateVolumeCapabilitiesRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .capabilities("volume_capabilities", request.getVolumeCapabilitiesList())
                    .map("parameters", request.getParametersMap())
                    .map("mutable_parameters", request.getParametersMutableMap())
                    .then(() -> validate(request)));
  }

  private FieldChecks checked(CreateVolumeRequest request) {
    return reception
        .checks()
        .name("name", request.getName())
        .capabilities("volume_capabilities", request.getVolumeCapabilitiesList())
        .capacity(request.getCapacityRange())
        .map("parameters", request.getParametersMap())
        .map("mutable_parameters", request.getParametersMutableMap())
        .unless(
            !request.getParametersMutableMap().isEmpty() && !parts.has(Modification.class),
            "mutable_parameters: this driver has none")
        .unless(
            request.hasAccessibilityRequirements() && !reception.has(Trait.TOPOLOGY),
            "accessibility_requirements: this driver has no topology")
        .unless(
            request.hasVolumeContentSource() && !offered(request),
            "volume_content_source: this driver does not offer it");
  }

  private boolean offered(CreateVolumeRequest request) {
    return switch (request.getVolumeContentSource().getTypeCase()) {
      case SNAPSHOT -> parts.has(Snapshots.class);
      case VOLUME -> reception.has(Trait.CLONE);
      case TYPE_NOT_SET -> false;
    };
  }

  private Answer<CreateVolumeResponse> create(VolumeSpec spec) {
    var keys =
        switch (spec.source()) {
          case ContentSource.Blank() -> Keys.none();
          case ContentSource.FromSnapshot(var id) -> Keys.none().snapshotShared(id);
          case ContentSource.FromVolume(var id) -> Keys.none().volume(id);
        };
    return reception
        .locked(keys.volumeName(spec.name()), () -> parts.volumes().create(spec))
        .map(volume -> CreateVolumeResponse.newBuilder().setVolume(ToProto.volume(volume)).build());
  }

  private Answer<DeleteVolumeResponse> delete(DeleteVolumeRequest request) {
    var id = request.getVolumeId();
    var secrets = Secrets.of(request.getSecretsMap());
    return reception
        .locked(Keys.none().volume(id), () -> parts.volumes().delete(id, secrets))
        .map(_ -> DeleteVolumeResponse.getDefaultInstance());
  }

  private Answer<ValidateVolumeCapabilitiesResponse> validate(
      ValidateVolumeCapabilitiesRequest request) {
    var usage = FromProto.usage(request);
    return parts
        .volumes()
        .supports(request.getVolumeId(), usage)
        .map(support -> validated(usage, support));
  }

  private static ValidateVolumeCapabilitiesResponse validated(
      Volumes.Usage usage, Volumes.Support support) {
    return switch (support) {
      case Volumes.Support.Supported(var context) -> {
        var confirmed =
            Confirmed.newBuilder()
                .putAllVolumeContext(context)
                .putAllParameters(usage.parameters())
                .putAllParametersMutable(usage.mutableParameters());
        usage.capabilities().stream()
            .map(ToProto::capability)
            .forEach(confirmed::addVolumeCapabilities);
        yield ValidateVolumeCapabilitiesResponse.newBuilder().setConfirmed(confirmed).build();
      }
      case Volumes.Support.NotSupported(var why) ->
          ValidateVolumeCapabilitiesResponse.newBuilder().setMessage(why).build();
    };
  }
}
