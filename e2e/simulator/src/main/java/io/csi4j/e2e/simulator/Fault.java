package io.csi4j.e2e.simulator;

import io.csi4j.sidecars.kit.doors.Code;
import java.time.Duration;

/** What goes wrong at one door call. */
public sealed interface Fault {

  /** The request takes this long to arrive, and the answer that long to come back. */
  record Slow(Duration there, Duration back) implements Fault {
    @Override
    public String toString() {
      return "slow %dms %dms".formatted(there.toMillis(), back.toMillis());
    }
  }

  /** The API server says no, and nothing has happened. */
  record ApiSays(Answer answer) implements Fault {
    @Override
    public String toString() {
      return "api " + answer;
    }
  }

  /** Done, and the caller gets an error that says nothing. */
  record DoneUnheard() implements Fault {
    @Override
    public String toString() {
      return "done-unheard";
    }
  }

  /** The driver says no, and has done nothing. */
  record DriverSays(Code code) implements Fault {
    @Override
    public String toString() {
      return "driver " + code;
    }
  }

  /** The call does not get as far as the driver. */
  record DriverAway() implements Fault {
    @Override
    public String toString() {
      return "away";
    }
  }

  /** The deadline passes, and the driver goes on: it is done this long after the call began. */
  record TimesOut(Duration doneAfter) implements Fault {
    @Override
    public String toString() {
      return "times-out %dms".formatted(doneAfter.toMillis());
    }
  }

  /** The process dies: the call has not left it yet. */
  record CrashBefore() implements Fault {
    @Override
    public String toString() {
      return "crash-before";
    }
  }

  /** The process dies: all is done, and it has not heard of it. */
  record CrashAfter() implements Fault {
    @Override
    public String toString() {
      return "crash-after";
    }
  }

  /** The process dies while the call is on its way or the driver at work; it is done later. */
  record CrashDuring(Duration doneAfter) implements Fault {
    @Override
    public String toString() {
      return "crash-during %dms".formatted(doneAfter.toMillis());
    }
  }

  /** A watch event comes late, and all of its kind behind it. */
  record Late(Duration by) implements Fault {
    @Override
    public String toString() {
      return "late %dms".formatted(by.toMillis());
    }
  }

  /** The watch breaks, nothing comes for a while, and then all is listed anew. */
  record WatchGone(Duration length) implements Fault {
    @Override
    public String toString() {
      return "watch-gone %dms".formatted(length.toMillis());
    }
  }

  /** The API server's ways to say no. */
  enum Answer {
    CONFLICT,
    THROTTLED,
    UNREACHABLE
  }

  /** Reads what {@code toString} wrote. */
  static Fault parse(String text) {
    var words = text.split(" ", -1);
    return switch (words[0]) {
      case "slow" -> new Slow(millis(words[1]), millis(words[2]));
      case "api" -> new ApiSays(Answer.valueOf(words[1]));
      case "done-unheard" -> new DoneUnheard();
      case "driver" -> new DriverSays(Code.valueOf(words[1]));
      case "away" -> new DriverAway();
      case "times-out" -> new TimesOut(millis(words[1]));
      case "crash-before" -> new CrashBefore();
      case "crash-after" -> new CrashAfter();
      case "crash-during" -> new CrashDuring(millis(words[1]));
      case "late" -> new Late(millis(words[1]));
      case "watch-gone" -> new WatchGone(millis(words[1]));
      default -> throw new IllegalArgumentException("no such fault: " + text);
    };
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - "ms".length())));
  }
}
