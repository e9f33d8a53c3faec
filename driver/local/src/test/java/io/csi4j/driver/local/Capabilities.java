package io.csi4j.driver.local;

import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode;
import java.util.List;

/** What tests want volumes for. */
final class Capabilities {
  private Capabilities() {}

  static VolumeCapability ext4(String... flags) {
    var capability = VolumeCapability.newBuilder();
    capability.getMountBuilder().setFsType("ext4").addAllMountFlags(List.of(flags));
    return with(AccessMode.Mode.SINGLE_NODE_WRITER, capability.build());
  }

  static VolumeCapability mount(String fsType) {
    var capability = VolumeCapability.newBuilder();
    capability.getMountBuilder().setFsType(fsType);
    return with(AccessMode.Mode.SINGLE_NODE_WRITER, capability.build());
  }

  static VolumeCapability block() {
    var capability = VolumeCapability.newBuilder();
    capability.getBlockBuilder();
    return with(AccessMode.Mode.SINGLE_NODE_WRITER, capability.build());
  }

  static VolumeCapability with(AccessMode.Mode mode, VolumeCapability capability) {
    var changed = capability.toBuilder();
    changed.getAccessModeBuilder().setMode(mode);
    return changed.build();
  }
}
