package io.csi4j.driver.framework.syscall;

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

  /** The number of a loop device, or -1 for any other device. */
  public static long numberOf(DeviceNumber device) {
    return device.major() == LOOP_MAJOR ? device.minor() : -1;
  }

  static Path path(long number) {
    return Path.of("/dev/loop" + number);
  }
}
