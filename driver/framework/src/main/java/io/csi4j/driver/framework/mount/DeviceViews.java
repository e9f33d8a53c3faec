package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.FileIdentity;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.BlockDevices.AttachedDevice;
import io.csi4j.driver.spi.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where the devices of one volume can be seen. */
record DeviceViews(List<AttachedDevice> attached, MountTable mounts) {

  /**
   * Whether what is mounted at {@code place} is this volume: its file system, or a node of its
   * device.
   */
  boolean at(Path place) throws IOException {
    var top = mounts.topAt(place);
    if (top.isEmpty()) {
      return false;
    }
    if (attached.stream().anyMatch(device -> device.number().equals(top.get().device()))) {
      return true;
    }
    var node = FileIdentity.deviceBehind(place);
    return node.isPresent()
        && attached.stream().anyMatch(device -> device.number().equals(node.get()));
  }

  /** {@code volumePath} with links resolved, when the volume is mounted or bound there. */
  Answer<Path> placed(String volumeId, Path volumePath) {
    try {
      var path = RealPaths.of(volumePath);
      if (path.isPresent() && at(path.get())) {
        return Answer.done(path.get());
      }
      return Answer.refused(
          Reason.NOT_FOUND, "volume %s is not at %s".formatted(volumeId, volumePath));
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL, "could not look at %s: %s".formatted(volumePath, failure));
    }
  }

  /** Whether the device is mounted, or its node bound, anywhere. */
  boolean inUse(AttachedDevice device) {
    var nodeRoot = "/" + device.node().getFileName();
    return mounts.entries().stream()
        .anyMatch(
            entry ->
                entry.device().equals(device.number())
                    || (entry.root().equals(nodeRoot) && holdsDeviceNodes(entry.fsType())));
  }

  private static boolean holdsDeviceNodes(String fsType) {
    return fsType.equals("devtmpfs") || fsType.equals("tmpfs");
  }
}
