package io.csi4j.app;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that the program can be.
 *
 * @param first the flag that a first word without a dash stands for, empty where there is none
 */
record Subcommand(String name, String summary, String example, String first, Builder builder) {

  Subcommand(String name, String summary, String example, Builder builder) {
    this(name, summary, example, "", builder);
  }

  /** The command line with flags only. */
  List<String> flags(List<String> args) {
    if (first.isEmpty() || args.isEmpty() || args.getFirst().startsWith("-")) {
      return args;
    }
    var flags = new ArrayList<>(args);
    flags.set(0, "--" + first + "=" + args.getFirst());
    return flags;
  }

  /** Reads the flags, reports every mistake in them, and builds what is to run. */
  @FunctionalInterface
  interface Builder {
    Component build(Flags flags, Time time);
  }
}
