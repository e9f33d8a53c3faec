package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.AccessModes;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import java.util.Map;

/** Builds the driver's requests from a volume. */
record PublishRequests(DriverIdentity driver, String defaultFsType) {

  /**
   * Throws {@link IllegalArgumentException} where CSI has no words for the volume's access modes.
   */
  ControllerPublishVolumeRequest publish(AttachStep.Publish step, Map<String, String> secrets) {
    var source = step.source();
    return ControllerPublishVolumeRequest.newBuilder()
        .setVolumeId(source.handle())
        .setNodeId(step.nodeId())
        .setVolumeCapability(capability(step.volume(), source))
        .setReadonly(source.readOnly() && can(RPC.Type.PUBLISH_READONLY_VALUE))
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

  private VolumeCapability capability(Volume volume, Volume.Csi source) {
    var capability = VolumeCapability.newBuilder();
    if ("Block".equals(volume.volumeMode())) {
      capability.setBlock(VolumeCapability.BlockVolume.getDefaultInstance());
    } else {
      capability.setMount(
          VolumeCapability.MountVolume.newBuilder()
              .setFsType(source.fsType().isEmpty() ? defaultFsType : source.fsType())
              .addAllMountFlags(volume.mountOptions()));
    }
    var dialect =
        can(RPC.Type.SINGLE_NODE_MULTI_WRITER_VALUE)
            ? Dialect.SINGLE_NODE_MULTI_WRITER
            : Dialect.CLASSIC;
    return capability
        .setAccessMode(
            VolumeCapability.AccessMode.newBuilder()
                .setMode(AccessModes.of(volume.accessModes(), dialect)))
        .build();
  }

  private boolean can(int capability) {
    return driver.controller().contains(capability);
  }
}
