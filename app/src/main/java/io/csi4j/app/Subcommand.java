package io.csi4j.app;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;

/** One thing that the program can be. */
record Subcommand(String name, String summary, String example, Builder builder) {

  /** Reads the flags, reports every mistake in them, and builds what is to run. */
  @FunctionalInterface
  interface Builder {
    Component build(Flags flags, Time time);
  }
}
