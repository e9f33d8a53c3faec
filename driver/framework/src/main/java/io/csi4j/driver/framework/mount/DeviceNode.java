package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.journal.JournaledMap;
import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.HealthProblem;
import io.csi4j.driver.spi.NodeExpansion;
import io.csi4j.driver.spi.NodeHealth;
import io.csi4j.driver.spi.NodeInfo;
import io.csi4j.driver.spi.NodeParts;
import java.util.List;
import java.util.function.Supplier;

/** The node side of a driver whose volumes are block devices. */
public final class DeviceNode {
  private final BlockDevices devices;
  private final Machine machine;
  private final NodeUsage usage;

  /** What of the machine is needed to mount. */
  public record Machine(Mounts mounts, FileSpace space, FileSystemGrower grower) {}

  /** Makes the devices of a volume larger. */
  @FunctionalInterface
  public interface Growing {

    /**
     * Brings the size of the volume, which its devices have when this returns.
     *
     * @param capacity may ask for more than the volume has, where growing it is the node's work
     */
    Answer<Long> grow(String volumeId, CapacityRange capacity);
  }

  /**
   * {@code journal} may hold other things too; the keys here begin with {@code staged} and {@code
   * target}.
   */
  public DeviceNode(BlockDevices devices, Machine machine, JournaledMap journal) {
    this.devices = devices;
    this.machine = machine;
    this.usage = new NodeUsage(journal);
  }

  /** Staging, publishing and statistics. */
  public NodeParts parts(NodeInfo info) {
    return NodeParts.of(
        info,
        new DevicePublishing(devices, machine.mounts(), usage),
        new DeviceStaging(devices, machine, usage),
        new DeviceStatistics(devices, machine.space()));
  }

  public NodeExpansion expansion(Growing growing) {
    return new DeviceExpansion(devices, growing, machine.grower());
  }

  /** {@code storage} tells what is wrong with the storage as a whole. */
  public NodeHealth health(Supplier<List<HealthProblem>> storage) {
    return new DeviceHealth(devices, usage, machine.space(), storage);
  }
}
