package io.csi4j.driver.framework.syscall;

import java.nio.file.Path;

/**
 * An attached loop device that we hold open. Closing lets go of it; what that means says {@link
 * LoopUse}.
 */
public final class LoopHold implements AutoCloseable {
  private final long number;
  private int fd;

  LoopHold(long number, int fd) {
    this.number = number;
    this.fd = fd;
  }

  public long number() {
    return number;
  }

  public Path path() {
    return LoopDevice.path(number);
  }

  synchronized int fd() {
    return fd;
  }

  @Override
  public synchronized void close() {
    if (fd >= 0) {
      Libc.close(fd);
      fd = -1;
    }
  }
}
