package io.csi4j.driver.spi;

import java.util.List;

/** As what a workload sees the volume. */
public sealed interface AccessType {

  /** As a raw block device. */
  record Block() implements AccessType {}

  /**
   * As a file system.
   *
   * @param fsType empty when the caller leaves it to the driver
   * @param mountFlags as users write them; may be sensitive, so they are not printed
   */
  record Mount(String fsType, List<String> mountFlags) implements AccessType {

    public Mount {
      mountFlags = List.copyOf(mountFlags);
    }

    @Override
    public String toString() {
      return "Mount[fsType=%s, mountFlags=***]".formatted(fsType);
    }
  }
}
