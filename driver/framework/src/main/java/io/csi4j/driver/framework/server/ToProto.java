package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.spi.AccessMode;
import io.csi4j.driver.framework.spi.AccessType;
import io.csi4j.driver.framework.spi.ContentSource;
import io.csi4j.driver.framework.spi.Topology;
import io.csi4j.driver.framework.spi.Volume;
import io.csi4j.driver.framework.spi.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.BlockVolume;
import io.csi4j.proto.csi.v1.VolumeCapability.MountVolume;
import io.csi4j.proto.csi.v1.VolumeContentSource;
import io.csi4j.proto.csi.v1.VolumeContentSource.SnapshotSource;
import io.csi4j.proto.csi.v1.VolumeContentSource.VolumeSource;

/** Records of the SPI as messages. */
final class ToProto {
  private ToProto() {}

  static io.csi4j.proto.csi.v1.Volume volume(Volume volume) {
    var message =
        io.csi4j.proto.csi.v1.Volume.newBuilder()
            .setVolumeId(volume.id())
            .setCapacityBytes(volume.capacityBytes())
            .putAllVolumeContext(volume.context());
    volume.accessibleFrom().forEach(place -> message.addAccessibleTopology(topology(place)));
    switch (volume.source()) {
      case ContentSource.Blank() -> {}
      case ContentSource.FromSnapshot(var id) ->
          message.setContentSource(
              VolumeContentSource.newBuilder()
                  .setSnapshot(SnapshotSource.newBuilder().setSnapshotId(id)));
      case ContentSource.FromVolume(var id) ->
          message.setContentSource(
              VolumeContentSource.newBuilder()
                  .setVolume(VolumeSource.newBuilder().setVolumeId(id)));
    }
    return message.build();
  }

  static io.csi4j.proto.csi.v1.Topology topology(Topology topology) {
    return io.csi4j.proto.csi.v1.Topology.newBuilder().putAllSegments(topology.segments()).build();
  }

  /** Built from what we understood, since an echo would also confirm fields that we do not know. */
  static io.csi4j.proto.csi.v1.VolumeCapability capability(VolumeCapability capability) {
    var message = io.csi4j.proto.csi.v1.VolumeCapability.newBuilder();
    message.getAccessModeBuilder().setMode(mode(capability.mode()));
    switch (capability.type()) {
      case AccessType.Block() -> message.setBlock(BlockVolume.getDefaultInstance());
      case AccessType.Mount(var fsType, var flags) ->
          message.setMount(MountVolume.newBuilder().setFsType(fsType).addAllMountFlags(flags));
    }
    return message.build();
  }

  private static io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode mode(AccessMode mode) {
    return io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode.valueOf(mode.name());
  }
}
