package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** How much is done at once, and what is learned about it from each call to the driver. */
final class Pace {
  /** What upstream does at once; no driver that works with it is asked less. */
  private static final int LEARNED_MIN = 10;

  private static final int LEARNED_MAX = 256;

  private final CallLimit attach;
  private final CallLimit detach;
  private final int bothMax;

  /** Nodes whose last call ran into its deadline. */
  private final Set<String> unwell = ConcurrentHashMap.newKeySet();

  private Pace(CallLimit attach, CallLimit detach, int bothMax) {
    this.attach = attach;
    this.detach = detach;
    this.bothMax = bothMax;
  }

  static Pace learned() {
    return new Pace(
        CallLimit.learned(LEARNED_MIN, LEARNED_MAX),
        CallLimit.learned(LEARNED_MIN, LEARNED_MAX),
        2 * LEARNED_MAX);
  }

  /**
   * As many as the user says, in both lanes together; neither lane can take the last quarter from
   * the other.
   */
  static Pace fixed(int workers) {
    var each = Math.max(1, workers - workers / 4);
    return new Pace(CallLimit.fixed(each), CallLimit.fixed(each), workers);
  }

  CallLimit limit(Lane lane) {
    return switch (lane) {
      case ATTACH -> attach;
      case DETACH -> detach;
    };
  }

  int bothMax() {
    return bothMax;
  }

  boolean isUnwell(String node) {
    return unwell.contains(node);
  }

  /** Makes a call that concerns a node, and learns from it. */
  <T> Outcome<T> watch(Lane lane, String node, Time time, Supplier<Outcome<T>> call) {
    var limit = limit(lane);
    var epoch = limit.epoch();
    var begun = time.nanos();
    var outcome = call.get();
    var took = Duration.ofNanos(time.nanos() - begun);
    switch (outcome) {
      case Outcome.InDoubt<T>(var code, _) when code == Code.DEADLINE_EXCEEDED -> {
        unwell.add(node);
        limit.missed(epoch);
      }
      case Outcome.Done<T> _, Outcome.Refused<T> _, Outcome.InDoubt<T> _ -> {
        unwell.remove(node);
        limit.took(epoch, took);
      }
      case Outcome.NotReached<T> _ -> {}
    }
    return outcome;
  }
}
