package io.csi4j.driver.framework.syscall;

import io.csi4j.driver.spi.DeviceNumber;
import java.nio.file.Path;

/**
 * One line of {@code /proc/self/mountinfo}.
 *
 * @param device the file system's device; for a bind mount of a device node that of the file system
 *     that holds the node
 * @param root what of that file system is mounted: {@code /} or, for bind mounts, a path below it
 * @param readOnly of this mount or of the whole file system
 */
public record MountEntry(
    DeviceNumber device, String root, Path point, String fsType, boolean readOnly) {}
