package io.csi4j.driver.framework.syscall;

import io.csi4j.driver.spi.DeviceNumber;
import java.nio.file.Path;

/** A loop device with a file behind it. */
public record LoopDevice(long number, FileIdentity file, boolean readOnly, boolean freedWithMount) {
  private static final long LOOP_MAJOR = 7;

  public Path path() {
    return path(number);
  }

  public DeviceNumber device() {
    return new DeviceNumber(LOOP_MAJOR, number);
  }

  static Path path(long number) {
    return Path.of("/dev/loop" + number);
  }
}
