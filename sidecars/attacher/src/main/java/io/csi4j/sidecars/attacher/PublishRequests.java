package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import java.util.Map;

/** Builds the driver's requests from a volume. */
record PublishRequests(DriverTraits driver, String defaultFsType) {

  ControllerPublishVolumeRequest publish(AttachStep.Publish step, Map<String, String> secrets) {
    var source = step.source();
    return ControllerPublishVolumeRequest.newBuilder()
        .setVolumeId(source.handle())
        .setNodeId(step.nodeId())
        .setVolumeCapability(capability(step))
        .setReadonly(source.readOnly() && driver.readOnly())
        .putAllSecrets(secrets)
        .putAllVolumeContext(source.attributes())
        .build();
  }

  ControllerUnpublishVolumeRequest unpublish(
      DetachStep.Unpublish step, Map<String, String> secrets) {
    return ControllerUnpublishVolumeRequest.newBuilder()
        .setVolumeId(step.source().handle())
        .setNodeId(step.nodeId())
        .putAllSecrets(secrets)
        .build();
  }

  private VolumeCapability capability(AttachStep.Publish step) {
    var capability =
        VolumeCapability.newBuilder()
            .setAccessMode(VolumeCapability.AccessMode.newBuilder().setMode(step.mode()));
    if ("Block".equals(step.volume().volumeMode())) {
      return capability.setBlock(VolumeCapability.BlockVolume.getDefaultInstance()).build();
    }
    var fsType = step.source().fsType();
    return capability
        .setMount(
            VolumeCapability.MountVolume.newBuilder()
                .setFsType(fsType.isEmpty() ? defaultFsType : fsType)
                .addAllMountFlags(step.volume().mountOptions()))
        .build();
  }
}
