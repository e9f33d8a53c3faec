package io.csi4j.driver.framework.syscall;

import io.csi4j.driver.spi.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A file as the kernel knows it, whatever its name: the device of its file system, packed as in
 * stat(2), and its inode.
 */
public record FileIdentity(long packedDevice, long inode) {
  private static final long FILE_TYPE = 0170000;
  private static final long BLOCK_DEVICE = 0060000;

  /** Empty when there is no such file. A link is not followed. */
  public static Optional<FileIdentity> of(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
      return Optional.of(new FileIdentity(number(attributes, "dev"), number(attributes, "ino")));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** The device that the node {@code file} stands for; empty when it is missing or no such node. */
  public static Optional<DeviceNumber> deviceBehind(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, "unix:rdev,mode", LinkOption.NOFOLLOW_LINKS);
      return (number(attributes, "mode") & FILE_TYPE) == BLOCK_DEVICE
          ? Optional.of(DeviceNumber.ofPacked(number(attributes, "rdev")))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private static long number(Map<String, Object> attributes, String name) {
    if (attributes.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalStateException("the JDK reports no unix:" + name + " of a file");
  }
}
