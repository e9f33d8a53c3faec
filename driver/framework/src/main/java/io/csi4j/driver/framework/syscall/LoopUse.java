package io.csi4j.driver.framework.syscall;

/** How long a loop device shall live, and whether it can be written. */
public enum LoopUse {
  /**
   * Freed by the kernel with the last user: mount it while the {@link LoopHold} is open, and no
   * crash can leak it.
   */
  FREED_WITH_MOUNT,
  /** Stays until it is detached. For raw devices, which nothing keeps open between two users. */
  UNTIL_DETACHED,
  /**
   * The same, and read-only: a read-only bind of a device node does not stop writes, a read-only
   * device does.
   */
  READ_ONLY_UNTIL_DETACHED
}
