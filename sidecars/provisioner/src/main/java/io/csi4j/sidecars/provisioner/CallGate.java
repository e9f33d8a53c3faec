package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.pacing.CallLimit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * How many calls the driver is asked at once: as many as the Go provisioner asks to begin with,
 * half as many each time that most miss their deadline, and more again when more gets done by it.
 * Creations, which somebody waits for, and deletions have a limit each; while creations are held
 * back, deletions take no more than their share.
 */
final class CallGate {
  private static final int LEARNED_MIN = 10;
  private static final int LEARNED_MAX = 100;

  /** What deletions may take while creations wait. */
  private static final int SHARE = 4;

  private static final Duration LONG = Duration.ofDays(1);

  /** What is asked. */
  enum Lane {
    CREATE,
    DELETE
  }

  private final Time time;
  private final Metrics.Level inFlight;
  private final Metrics.Level limits;

  private final Object lock = new Object();

  // All below are guarded by lock.
  private final Map<Lane, Traffic> lanes = new EnumMap<>(Lane.class);
  private boolean closed;

  /** Calls of one lane, guarded by the gate's lock. */
  private static final class Traffic {
    final CallLimit limit;
    final Deque<Ticket> waiting = new ArrayDeque<>();
    int inFlight;

    Traffic(CallLimit limit) {
      this.limit = limit;
    }
  }

  /** A call that waits for its turn; {@code admitted} is guarded by the gate's lock. */
  private static final class Ticket {
    final Time.Signal turn;
    boolean admitted;

    Ticket(Time.Signal turn) {
      this.turn = turn;
    }
  }

  /** {@code callsMax} where the user has named a number: then there is nothing to learn. */
  CallGate(Time time, Metrics metrics, OptionalInt callsMax) {
    this.time = time;
    this.inFlight =
        metrics.level(
            "csi4j_provisioner_calls_in_flight",
            "Calls that the driver has not answered yet.",
            "lane");
    this.limits =
        metrics.level(
            "csi4j_provisioner_calls_limit",
            "Calls that the driver may be asked at the same time.",
            "lane");
    for (var lane : Lane.values()) {
      lanes.put(
          lane,
          new Traffic(
              callsMax.isPresent()
                  ? CallLimit.fixed(callsMax.getAsInt())
                  : CallLimit.learnedFromAbove(LEARNED_MIN, LEARNED_MAX)));
      tell(lane);
    }
  }

  /** How many deletions may be in flight. */
  static int deletesMax(int limit, boolean createsWait) {
    return createsWait ? Math.max(1, limit / SHARE) : limit;
  }

  /** Makes a call when its turn comes; after {@link #close} those that wait are not made. */
  <T> Outcome<T> pass(Lane lane, Supplier<Outcome<T>> call) {
    if (!admit(lane)) {
      throw new CancellationException("not called: this process ends, the next one goes on");
    }
    try {
      var limit = traffic(lane).limit;
      var epoch = limit.epoch();
      var begun = time.nanos();
      var outcome = call.get();
      learn(limit, epoch, Duration.ofNanos(time.nanos() - begun), outcome);
      return outcome;
    } finally {
      leave(lane);
    }
  }

  private boolean admit(Lane lane) {
    Ticket ticket;
    synchronized (lock) {
      var traffic = traffic(lane);
      if (closed) {
        return false;
      }
      if (mayBegin(lane)) {
        begin(lane);
        return true;
      }
      traffic.limit.heldBack();
      ticket = new Ticket(time.signal());
      traffic.waiting.addLast(ticket);
    }
    while (!ticket.turn.await(LONG)) {
      // A signal wants a limit; a turn comes when it comes.
    }
    synchronized (lock) {
      return ticket.admitted;
    }
  }

  private void leave(Lane lane) {
    synchronized (lock) {
      traffic(lane).inFlight--;
      tell(lane);
      letIn(Lane.CREATE);
      letIn(Lane.DELETE);
    }
  }

  private void letIn(Lane lane) {
    var waiting = traffic(lane).waiting;
    while (!waiting.isEmpty() && mayBegin(lane)) {
      var ticket = waiting.removeFirst();
      ticket.admitted = true;
      begin(lane);
      ticket.turn.raise();
    }
  }

  private boolean mayBegin(Lane lane) {
    var traffic = traffic(lane);
    var limit = traffic.limit.now();
    var max =
        switch (lane) {
          case CREATE -> limit;
          case DELETE -> deletesMax(limit, !traffic(Lane.CREATE).waiting.isEmpty());
        };
    return traffic.inFlight < max;
  }

  private void begin(Lane lane) {
    traffic(lane).inFlight++;
    tell(lane);
  }

  private static void learn(CallLimit limit, int epoch, Duration took, Outcome<?> outcome) {
    switch (outcome) {
      case Outcome.InDoubt<?>(var code, _) when code == Code.DEADLINE_EXCEEDED ->
          limit.missed(epoch);
      case Outcome.Done<?> _, Outcome.Refused<?> _, Outcome.InDoubt<?> _ -> limit.took(epoch, took);
      case Outcome.NotReached<?> _ -> {}
    }
  }

  private void tell(Lane lane) {
    var label = lane.name().toLowerCase(Locale.ROOT);
    inFlight.is(traffic(lane).inFlight, label);
    limits.is(traffic(lane).limit.now(), label);
  }

  private Traffic traffic(Lane lane) {
    var traffic = lanes.get(lane);
    if (traffic == null) {
      throw new IllegalStateException("no traffic on lane " + lane);
    }
    return traffic;
  }

  /** What waits is not made any more; what is in flight goes on. */
  void close() {
    synchronized (lock) {
      closed = true;
      for (var traffic : lanes.values()) {
        traffic.waiting.forEach(ticket -> ticket.turn.raise());
        traffic.waiting.clear();
      }
    }
  }
}
