package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.journal.JournaledMap;
import io.csi4j.driver.framework.spi.BlockDevices;
import io.csi4j.driver.framework.spi.NodeInfo;
import io.csi4j.driver.framework.spi.NodeParts;
import io.csi4j.driver.framework.syscall.Mounts;

/** The node side of a driver whose volumes are block devices. */
public final class DeviceNode {
  private final DeviceStaging staging;
  private final DevicePublishing publishing;

  /**
   * {@code journal} may hold other things too; the keys here begin with {@code staged} and {@code
   * target}.
   */
  public DeviceNode(BlockDevices devices, Mounts mounts, JournaledMap journal) {
    var usage = new NodeUsage(journal);
    this.staging = new DeviceStaging(devices, mounts, usage);
    this.publishing = new DevicePublishing(devices, mounts, usage);
  }

  public NodeParts parts(NodeInfo info) {
    return NodeParts.of(info, publishing).with(staging);
  }
}
