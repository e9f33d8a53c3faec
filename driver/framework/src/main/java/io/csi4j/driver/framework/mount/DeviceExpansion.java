package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.NodeExpansion;
import io.csi4j.driver.spi.Writing;
import java.nio.file.Path;

/** Makes a volume's device larger, and then what is on it. */
final class DeviceExpansion implements NodeExpansion {
  private final BlockDevices devices;
  private final DeviceNode.Growing growing;
  private final FileSystemGrower grower;

  DeviceExpansion(BlockDevices devices, DeviceNode.Growing growing, FileSystemGrower grower) {
    this.devices = devices;
    this.growing = growing;
    this.grower = grower;
  }

  @Override
  public Answer<Long> expand(String volumeId, Path volumePath, CapacityRange capacity) {
    return devices
        .find(volumeId)
        .then(content -> expandKnown(volumeId, content, volumePath, capacity));
  }

  private Answer<Long> expandKnown(
      String volumeId, Content content, Path volumePath, CapacityRange capacity) {
    var views = new DeviceViews(devices.attached(volumeId), MountTable.read());
    return views
        .placed(volumeId, volumePath)
        .then(
            path ->
                growing
                    .grow(volumeId, capacity)
                    .then(bytes -> growContent(content, views, path).map(_ -> bytes)));
  }

  private Answer<Nothing> growContent(Content content, DeviceViews views, Path path) {
    return switch (content) {
      case Content.Raw() -> Answer.done();
      case Content.FileSystem(var fsType) -> {
        Answer<Nothing> answer = Answer.done();
        for (var device : views.attached()) {
          if (device.writing() == Writing.READ_WRITE) {
            answer = answer.then(_ -> grower.whileMounted(FsType.of(fsType), device.node(), path));
          }
        }
        yield answer;
      }
    };
  }
}
