package io.csi4j.driver.framework.syscall;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The machine's clocks, for those who build the object graph; everybody else gets it handed in. */
public final class SystemClocks {
  private SystemClocks() {}

  public static LongSupplier nanos() {
    return System::nanoTime;
  }

  /** The time of day. */
  public static InstantSource wall() {
    return InstantSource.system();
  }
}
