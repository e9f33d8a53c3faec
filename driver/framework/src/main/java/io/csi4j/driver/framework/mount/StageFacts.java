package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.spi.BlockDevices.AttachedDevice;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.StageSpec;
import io.csi4j.driver.spi.Writing;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the decision to stage looks at.
 *
 * @param path the staging path with links resolved, as the mount table writes it
 * @param remembered null when we have no memory of staging the volume
 */
record StageFacts(
    StageSpec spec,
    Path path,
    Content content,
    List<AttachedDevice> attached,
    MountTable mounts,
    NodeUsage.@Nullable Staged remembered) {

  boolean somethingMountedAtPath() {
    return mounts.topAt(path).isPresent();
  }

  boolean mountedAt(Path place) {
    return mounts
        .topAt(place)
        .filter(top -> attached.stream().anyMatch(device -> device.number().equals(top.device())))
        .isPresent();
  }

  boolean attachedForWriting() {
    return attached.stream().anyMatch(device -> device.writing() == Writing.READ_WRITE);
  }
}
