package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.HealthProblem;
import io.csi4j.driver.spi.HealthProblem.Kind;
import io.csi4j.driver.spi.NodeHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What is wrong with volumes that this node uses. */
final class DeviceHealth implements NodeHealth {
  private final BlockDevices devices;
  private final NodeUsage usage;
  private final FileSpace space;
  private final Supplier<List<HealthProblem>> storage;

  DeviceHealth(
      BlockDevices devices,
      NodeUsage usage,
      FileSpace space,
      Supplier<List<HealthProblem>> storage) {
    this.devices = devices;
    this.usage = usage;
    this.space = space;
    this.storage = storage;
  }

  @Override
  public Answer<List<HealthProblem>> problemsHere(String volumeId) {
    return devices.find(volumeId).map(content -> problems(volumeId, content));
  }

  @Override
  public List<HealthProblem> storageProblems() {
    return storage.get();
  }

  private List<HealthProblem> problems(String volumeId, Content content) {
    var staged = usage.staged(volumeId).orElse(null);
    if (staged == null) {
      return List.of(); // not used here
    }
    var views = new DeviceViews(devices.attached(volumeId), MountTable.read());
    if (views.attached().isEmpty()) {
      return List.of(
          new HealthProblem(
              Kind.INACCESSIBLE,
              "DeviceGone",
              "volume %s is staged, but its device is gone".formatted(volumeId)));
    }
    return switch (content) {
      case Content.Raw() -> List.of();
      case Content.FileSystem _ -> fileSystemProblems(views, staged.path());
    };
  }

  private List<HealthProblem> fileSystemProblems(DeviceViews views, Path staging) {
    List<HealthProblem> problems = new ArrayList<>();
    if (views.mounts().topAt(staging).isEmpty()) {
      problems.add(
          new HealthProblem(Kind.INACCESSIBLE, "NotMounted", "nothing is mounted at " + staging));
    } else if (space.usage(staging) instanceof NativeResult.Failed<FileSpace.Usage> failed) {
      problems.add(
          new HealthProblem(
              Kind.INACCESSIBLE, "FileSystemFailed", "could not " + failed.message()));
    }
    for (var device : views.attached()) {
      var errors = errors(device.node());
      if (errors > 0) {
        problems.add(
            new HealthProblem(
                Kind.DEGRADED,
                "FileSystemErrors",
                "the kernel has found %d errors on %s".formatted(errors, device.node())));
      }
    }
    return List.copyOf(problems);
  }

  /** As ext4 counts them; the other file systems do not tell. */
  private static long errors(Path device) {
    try {
      var counter = Path.of("/sys/fs/ext4").resolve(device.getFileName()).resolve("errors_count");
      return Long.parseLong(Files.readString(counter).strip());
    } catch (IOException | NumberFormatException _) {
      return 0; // no ext4
    }
  }
}
