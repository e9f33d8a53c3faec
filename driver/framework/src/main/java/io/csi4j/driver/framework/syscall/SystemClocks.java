package io.csi4j.driver.framework.syscall;

import java.util.function.LongSupplier;

/**
 * The machine's clock for durations, for those who build the object graph; everybody else gets it
 * handed in.
 */
public final class SystemClocks {
  private SystemClocks() {}

  public static LongSupplier nanos() {
    return System::nanoTime;
  }
}
