package io.csi4j.e2e.simulator;

import io.csi4j.e2e.simulator.Fault.Answer;
import io.csi4j.e2e.simulator.baton.Chance;
import io.csi4j.sidecars.kit.doors.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what goes wrong where. A place is a call and how often it was made, so that a fault stays
 * where it is when others are taken away.
 *
 * <p>Each seed has its own rate of faults and leaves some kinds of them out altogether: a run in
 * which everything fails gets nowhere near the deeper trouble.
 */
final class Faults {
  private static final int PER_MILLE = 1000;
  private static final int[] RATES = {10, 30, 60, 150, 300};
  private static final int CRASHES_MAX = 4;
  private static final Answer[] ANSWERS = Answer.values();
  private static final List<Code> REFUSALS =
      List.of(
          Code.INTERNAL,
          Code.UNAVAILABLE,
          Code.ABORTED,
          Code.RESOURCE_EXHAUSTED,
          Code.DEADLINE_EXCEEDED,
          Code.FAILED_PRECONDITION,
          Code.INVALID_ARGUMENT);

  private final Chance chance;
  private final Optional<Map<String, Fault>> given;
  private final int rate;
  private final List<Kind> kinds;
  private final Map<String, Integer> visits = new HashMap<>();
  private final Map<String, Fault> used = new LinkedHashMap<>();
  private int crashes;
  private boolean over;

  /** Through which door a call goes. */
  enum Door {
    WRITE,
    READ,
    DRIVER,
    JOURNAL,
    WATCH
  }

  private enum Kind {
    SLOW,
    REFUSED,
    DONE_UNHEARD,
    TIMES_OUT,
    AWAY,
    CRASH_BEFORE,
    CRASH_AFTER,
    CRASH_DURING,
    LATE,
    WATCH_GONE
  }

  Faults(Chance chance, Optional<Map<String, Fault>> given) {
    this.chance = chance;
    this.given = given;
    this.rate = RATES[chance.below(RATES.length, 1, 1)];
    this.kinds = new ArrayList<>();
    for (var kind : Kind.values()) {
      if (chance.below(3, Chance.number(kind.name()), 2) > 0) {
        kinds.add(kind);
      }
    }
  }

  /** From now on nothing goes wrong any more. */
  void stop() {
    over = true;
  }

  /** All that went wrong, by place. */
  Map<String, Fault> used() {
    return used;
  }

  @Nullable Fault at(Door door, String call) {
    var visit = visits.merge(call, 1, Integer::sum);
    if (over) {
      return null;
    }
    var fault = given.isPresent() ? named(given.get(), call, visit) : drawn(door, call, visit);
    if (fault != null) {
      used.put(place(call, visit), fault);
    }
    return fault;
  }

  private static @Nullable Fault named(Map<String, Fault> given, String call, int visit) {
    return given.isEmpty() ? null : given.get(place(call, visit));
  }

  private static String place(String call, int visit) {
    return call + " #" + visit;
  }

  private @Nullable Fault drawn(Door door, String call, int visit) {
    var place = Chance.number(call);
    if (chance.below(PER_MILLE, place, visit) >= rate || kinds.isEmpty()) {
      return null;
    }
    var dice = new Chance(chance.bits(place, -visit));
    return fault(door, call, kinds.get(dice.below(kinds.size(), 1, 1)), dice);
  }

  private @Nullable Fault fault(Door door, String call, Kind kind, Chance dice) {
    return switch (kind) {
      case SLOW -> door == Door.WATCH ? null : new Fault.Slow(pause(dice, 2), pause(dice, 3));
      case REFUSED -> refused(door, call, dice);
      case DONE_UNHEARD -> writes(door) ? new Fault.DoneUnheard() : null;
      case TIMES_OUT -> door == Door.DRIVER ? new Fault.TimesOut(longPause(dice)) : null;
      case AWAY -> door == Door.DRIVER ? new Fault.DriverAway() : null;
      case CRASH_BEFORE -> crash(door, new Fault.CrashBefore());
      case CRASH_AFTER -> crash(door, new Fault.CrashAfter());
      case CRASH_DURING -> writes(door) ? crash(door, new Fault.CrashDuring(pause(dice, 4))) : null;
      case LATE -> door == Door.WATCH ? new Fault.Late(pause(dice, 5)) : null;
      case WATCH_GONE -> door == Door.WATCH ? new Fault.WatchGone(longPause(dice)) : null;
    };
  }

  private static boolean writes(Door door) {
    return switch (door) {
      case WRITE, DRIVER, JOURNAL -> true;
      case READ, WATCH -> false;
    };
  }

  private static @Nullable Fault refused(Door door, String call, Chance dice) {
    return switch (door) {
      case WRITE -> {
        var answer = ANSWERS[dice.below(ANSWERS.length, 6, 1)];
        // What does not exist yet cannot have been modified.
        yield new Fault.ApiSays(
            answer == Answer.CONFLICT && call.startsWith("create") ? Answer.UNREACHABLE : answer);
      }
      case READ, JOURNAL -> new Fault.ApiSays(Answer.UNREACHABLE);
      case DRIVER -> new Fault.DriverSays(REFUSALS.get(dice.below(REFUSALS.size(), 6, 2)));
      case WATCH -> null;
    };
  }

  private @Nullable Fault crash(Door door, Fault crash) {
    if (door == Door.WATCH || crashes == CRASHES_MAX) {
      return null;
    }
    crashes++;
    return crash;
  }

  /** How long the driver takes for the last call of this name when all is well. */
  Duration workTime(String call) {
    var visit = visits.getOrDefault(call, 0);
    var place = Chance.number(call);
    var limitMillis = new int[] {0, 0, 50, 2_000}[chance.below(4, place, 1L << 32 | visit)];
    return Duration.ofMillis(chance.below(limitMillis + 1, place, 1L << 33 | visit));
  }

  /** Mostly short, sometimes seconds. */
  private static Duration pause(Chance dice, long what) {
    var limitMillis = new int[] {10, 300, 3_000, 20_000}[dice.below(4, what, 1)];
    return Duration.ofMillis(dice.below(limitMillis, what, 2));
  }

  /** Longer than a call's deadline, shorter than a day. */
  private static Duration longPause(Chance dice) {
    var limitMillis = new int[] {5_000, 30_000, 300_000}[dice.below(3, 7, 1)];
    return Duration.ofMillis(dice.below(limitMillis, 7, 2));
  }
}
