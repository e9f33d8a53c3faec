package io.csi4j.driver.framework.syscall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A file as the kernel knows it, whatever its name: the device of its file system, packed as in stat(2), and its inode. */
public record FileIdentity(long packedDevice, long inode) {

  /** Empty when there is no such file. A link is not followed. */
  public static Optional<FileIdentity> of(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
      return Optional.of(
          new FileIdentity((Long) attributes.get("dev"), (Long) attributes.get("ino")));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** The device that the node {@code file} stands for; empty when it is missing or no device node. */
  public static Optional<DeviceNumber> deviceBehind(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, "unix:rdev,mode", LinkOption.NOFOLLOW_LINKS);
      var isBlockDevice = ((Integer) attributes.get("mode") & FILE_TYPE) == BLOCK_DEVICE;
      return isBlockDevice
          ? Optional.of(DeviceNumber.ofPacked((Long) attributes.get("rdev")))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private static final int FILE_TYPE = 0170000;
  private static final int BLOCK_DEVICE = 0060000;
}
