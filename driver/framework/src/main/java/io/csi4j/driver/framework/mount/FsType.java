package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.MountFlags;
import java.util.Optional;

/** The file systems that we can make. */
public enum FsType {
  EXT4("ext4", 1L << 20),
  /** Every one is mounted without a look at its UUID: a clone has the UUID of its source. */
  XFS("xfs", 300L << 20),
  BTRFS("btrfs", 109L << 20);

  private final String name;
  private final long sizeBytesMin;

  FsType(String name, long sizeBytesMin) {
    this.name = name;
    this.sizeBytesMin = sizeBytesMin;
  }

  public static Optional<FsType> named(String name) {
    for (var type : values()) {
      if (type.name.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Of a name that was checked before. */
  public static FsType of(String name) {
    return named(name).orElseThrow(() -> new IllegalStateException("unchecked fs_type " + name));
  }

  MountFlags mountFlags(MountFlags asked) {
    return switch (this) {
      case XFS -> asked.withData("nouuid");
      case EXT4, BTRFS -> asked;
    };
  }

  /** As mount(2) and users call it. */
  public String fsType() {
    return name;
  }

  public long sizeBytesMin() {
    return sizeBytesMin;
  }
}
