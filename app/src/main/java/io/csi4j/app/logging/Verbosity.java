package io.csi4j.app.logging;

import io.csi4j.sidecars.kit.options.Flags;
import java.io.PrintStream;
import org.slf4j.event.Level;

/**
 * What {@code --v} and {@code --logging-format} choose: our decisions from 4 on, the talk with the
 * driver from 5 on, as with the Go tools, and what libraries have to say from 6 on.
 */
public final class Verbosity {
  private static final int OURS_DEBUG = 4;
  private static final int MESSAGES = 5;
  private static final int OURS_TRACE = 5;
  private static final int LIBRARIES_DEBUG = 6;
  private static final int NORMAL = 2;

  /**
   * Warns at every connection that a Unix socket has no TCP keep-alive, which gRPC asks for without
   * looking.
   */
  private static final String TOO_ANXIOUS = "io.netty.bootstrap.";

  /** What is said to a CSI driver, and what it answers. */
  private static final String TALK = "io.csi4j.csi.messages";

  /**
   * The only static state, this and the two below: slf4j's binding is static itself, and exists
   * before any flag is read.
   */
  private static volatile int level = NORMAL;

  private Verbosity() {}

  private static volatile LogFormat format = LogFormat.TEXT;

  private static volatile PrintStream target = System.err;

  /** Where records go from now on. */
  public static void into(PrintStream stream) {
    target = stream;
  }

  static PrintStream target() {
    return target;
  }

  public static void from(Flags flags) {
    level =
        flags.count(
            "v",
            NORMAL,
            "how much is logged; from 4 on each decision, from 5 on what is said to the driver, from"
                + " 6 on libraries too");
    var name = flags.text("logging-format", "text", "text for people, json for programs");
    flags.require(
        name.equals("text") || name.equals("json"),
        "logging-format",
        "text or json (default text)");
    format = name.equals("json") ? LogFormat.JSON : LogFormat.TEXT;
  }

  static LogFormat format() {
    return format;
  }

  static boolean shows(String logger, Level record) {
    var ours = logger.startsWith("io.csi4j.");
    var least =
        switch (record) {
          case ERROR -> 0;
          case WARN -> logger.startsWith(TOO_ANXIOUS) ? LIBRARIES_DEBUG : 0;
          case INFO -> ours ? 0 : LIBRARIES_DEBUG;
          case DEBUG -> logger.startsWith(TALK) ? MESSAGES : ours ? OURS_DEBUG : LIBRARIES_DEBUG;
          case TRACE -> ours ? OURS_TRACE : LIBRARIES_DEBUG + 1;
        };
    return level >= least;
  }
}
