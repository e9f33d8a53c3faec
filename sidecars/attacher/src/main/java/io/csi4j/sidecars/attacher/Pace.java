package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.pacing.CallLimit;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** How much is done at once, and what is learned about it from each call to the driver. */
final class Pace {
  /** What upstream does at once; no driver that works with it is asked less. */
  private static final int LEARNED_MIN = 10;

  private static final int LEARNED_MAX = 256;

  private final CallLimit attach;
  private final CallLimit detach;
  private final int bothMax;
  private final PaceMetrics metrics;
  private final Map<Lane, AtomicInteger> inFlight = new EnumMap<>(Lane.class);

  /** Nodes whose last call ran into its deadline. */
  private final Set<String> unwell = ConcurrentHashMap.newKeySet();

  private Pace(CallLimit attach, CallLimit detach, int bothMax, PaceMetrics metrics) {
    this.attach = attach;
    this.detach = detach;
    this.bothMax = bothMax;
    this.metrics = metrics;
    for (var lane : Lane.values()) {
      inFlight.put(lane, new AtomicInteger());
      metrics.calls(lane, 0, limit(lane).now());
    }
  }

  static Pace learned(PaceMetrics metrics) {
    return new Pace(
        CallLimit.learned(LEARNED_MIN, LEARNED_MAX),
        CallLimit.learned(LEARNED_MIN, LEARNED_MAX),
        2 * LEARNED_MAX,
        metrics);
  }

  /**
   * As many as the user says, in both lanes together; neither lane can take the last quarter from
   * the other.
   */
  static Pace fixed(int workers, PaceMetrics metrics) {
    var each = Math.max(1, workers - workers / 4);
    return new Pace(CallLimit.fixed(each), CallLimit.fixed(each), workers, metrics);
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
    var calls = inFlight.getOrDefault(lane, new AtomicInteger());
    metrics.calls(lane, calls.incrementAndGet(), limit.now());
    var epoch = limit.epoch();
    var begun = time.nanos();
    try {
      var outcome = call.get();
      learn(limit, epoch, node, Duration.ofNanos(time.nanos() - begun), outcome);
      return outcome;
    } finally {
      metrics.calls(lane, calls.decrementAndGet(), limit.now());
      metrics.unwellNodes(unwell.size());
    }
  }

  private void learn(CallLimit limit, int epoch, String node, Duration took, Outcome<?> outcome) {
    switch (outcome) {
      case Outcome.InDoubt<?>(var code, _) when code == Code.DEADLINE_EXCEEDED -> {
        unwell.add(node);
        limit.missed(epoch);
      }
      case Outcome.Done<?> _, Outcome.Refused<?> _, Outcome.InDoubt<?> _ -> {
        unwell.remove(node);
        limit.took(epoch, took);
      }
      case Outcome.NotReached<?> _ -> {}
    }
  }
}
