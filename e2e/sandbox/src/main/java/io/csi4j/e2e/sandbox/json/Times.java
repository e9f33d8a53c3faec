package io.csi4j.e2e.sandbox.json;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** Times as objects carry them, to the second, and ages as kubectl prints them. */
public final class Times {
  private static final long YEAR_DAYS = 365;

  private Times() {}

  public static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** How long ago, in the words of kubectl's AGE column. */
  public static String age(String time, Instant now) {
    if (time.isEmpty()) {
      return "<unknown>";
    }
    try {
      return age(Duration.between(Instant.parse(time), now));
    } catch (DateTimeParseException _) {
      return "<unknown>";
    }
  }

  private static String age(Duration age) {
    var seconds = age.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 120) {
      return Math.max(seconds, 0) + "s";
    }
    var minutes = seconds / 60;
    if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    return inHours(seconds / 3600, minutes);
  }

  private static String inHours(long hours, long minutes) {
    if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    var days = hours / 24;
    if (days < 8) {
      return two(days, "d", hours % 24, "h");
    }
    if (days < 2 * YEAR_DAYS) {
      return days + "d";
    }
    var years = days / YEAR_DAYS;
    return years < 8 ? two(years, "y", days % YEAR_DAYS, "d") : years + "y";
  }

  private static String two(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + unit : large + unit + small + smallUnit;
  }
}
