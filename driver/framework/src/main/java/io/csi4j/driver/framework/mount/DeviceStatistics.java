package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.NodeStatistics;
import io.csi4j.driver.spi.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/** How full volumes are, by what their file systems say. */
final class DeviceStatistics implements NodeStatistics {
  private final BlockDevices devices;
  private final FileSpace space;

  DeviceStatistics(BlockDevices devices, FileSpace space) {
    this.devices = devices;
    this.space = space;
  }

  @Override
  public Answer<Statistics> statistics(String volumeId, Path volumePath) {
    return devices
        .find(volumeId)
        .then(content -> at(volumeId, volumePath).then(path -> statistics(content, path)));
  }

  /** The path as the kernel has it, when the volume is there. */
  private Answer<Path> at(String volumeId, Path volumePath) {
    var views = new DeviceViews(devices.attached(volumeId), MountTable.read());
    return views.placed(volumeId, volumePath);
  }

  private Answer<Statistics> statistics(Content content, Path path) {
    return switch (content) {
      case Content.FileSystem _ ->
          switch (space.usage(path)) {
            case NativeResult.Value<FileSpace.Usage>(var usage) -> Answer.done(of(usage));
            case NativeResult.Failed<FileSpace.Usage> failed -> NodeFailure.refused(failed);
          };
      case Content.Raw() -> device(path);
    };
  }

  private static Statistics of(FileSpace.Usage usage) {
    var bytes =
        new Usage(
            usage.totalBytes(), usage.totalBytes() - usage.freeBytes(), usage.availableBytes());
    var inodes =
        usage.totalInodes() == 0
            ? null
            : new Usage(
                usage.totalInodes(), usage.totalInodes() - usage.freeInodes(), usage.freeInodes());
    return new Statistics.OfFileSystem(bytes, inodes);
  }

  private static Answer<Statistics> device(Path path) {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return Answer.done(new Statistics.OfDevice(channel.size(), OptionalLong.empty()));
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL, "could not look at device %s: %s".formatted(path, failure));
    }
  }
}
