package io.csi4j.sidecars.kit.options;

import java.util.List;
import java.util.Set;

/** The flags of the Go logging library: they are known, and have no meaning here. */
public final class LoggingFlags {
  private static final String FLAG = "feature-gates";
  private static final Set<String> KNOWN =
      Set.of(
          "AllAlpha", "AllBeta", "ContextualLogging", "LoggingAlphaOptions", "LoggingBetaOptions");
  private static final Set<String> VALUES = Set.of("true", "false");

  private LoggingFlags() {}

  /** Nothing is buffered or split, and levels are not chosen by source file. */
  public static void ignore(Flags flags) {
    for (var name :
        List.of(
            "vmodule",
            "log-flush-frequency",
            "log-json-info-buffer-size",
            "log-json-split-stream",
            "log-text-info-buffer-size",
            "log-text-split-stream")) {
      flags.ignored(name);
    }
  }

  /** Of a program that has no features to choose: the gates of the library, too. */
  public static void check(Flags flags) {
    ignore(flags);
    var text = flags.text(FLAG, "", "Name=true or Name=false, by commas; for old manifests");
    for (var gate : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      var parts = gate.strip().split("=", -1);
      flags.require(
          parts.length == 2 && KNOWN.contains(parts[0]) && VALUES.contains(parts[1]),
          FLAG,
          "Name=true or Name=false, by commas; there is no gate " + parts[0]);
    }
  }
}
