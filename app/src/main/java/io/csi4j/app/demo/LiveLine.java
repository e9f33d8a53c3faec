package io.csi4j.app.demo;

import io.csi4j.sidecars.kit.doors.Time;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A line at the bottom of the terminal that changes in place; what has ended scrolls away above.
 */
final class LiveLine implements Narrator {
  private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final String PLAIN_FRAMES = "|/-\\";
  private static final Duration PAUSE = Duration.ofMillis(80);

  /** The width that every terminal has: a line that wraps cannot be taken back. */
  private static final int WIDTH = 79;

  private static final String START_OVER = "\r\033[2K";
  private static final String HIDE_CURSOR = "\033[?25l";
  private static final String SHOW_CURSOR = "\033[?25h";

  private final PrintStream out;
  private final Time time;
  private final String frames;

  /** Guarded by this. */
  private Optional<Current> current = Optional.empty();

  /** Guarded by this. */
  private boolean closed;

  private record Current(String step, long begun, Supplier<String> busyWith) {}

  private LiveLine(PrintStream out, Time time) {
    this.out = out;
    this.time = time;
    this.frames = out.charset().newEncoder().canEncode(FRAMES) ? FRAMES : PLAIN_FRAMES;
  }

  static LiveLine on(PrintStream out, Time time) {
    var line = new LiveLine(out, time);
    out.print(HIDE_CURSOR);
    time.spawn("csi4j-demo-live", line::turn);
    return line;
  }

  private void turn() {
    for (var frame = 0; draw(frame); frame++) {
      time.sleep(PAUSE);
    }
  }

  private synchronized boolean draw(int frame) {
    if (closed) {
      return false;
    }
    current.ifPresent(
        step -> {
          var spinner = frames.charAt(frame % frames.length());
          var seconds = (time.nanos() - step.begun) / 1e9;
          var text =
              "  %s      %6.1f s  %-8s %s"
                  .formatted(spinner, seconds, step.step, step.busyWith.get());
          out.print(START_OVER + text.substring(0, Math.min(text.length(), WIDTH)));
          out.flush();
        });
    return true;
  }

  @Override
  public synchronized void says(String line) {
    out.println(START_OVER + line);
    out.flush();
  }

  @Override
  public synchronized void begins(String step, Supplier<String> busyWith) {
    current = Optional.of(new Current(step, time.nanos(), busyWith));
  }

  @Override
  public synchronized void ends(Ending ending, Scene scene) {
    current = Optional.empty();
    var colour =
        switch (ending) {
          case OK -> "\033[32m";
          case LEFT_OUT -> "\033[33m";
          case FAILED -> "\033[31m";
        };
    var line = Narrator.line(ending, scene);
    says("  " + colour + ending.word() + "\033[0m" + line.substring(2 + ending.word().length()));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      out.print(START_OVER + SHOW_CURSOR);
      out.flush();
    }
  }
}
