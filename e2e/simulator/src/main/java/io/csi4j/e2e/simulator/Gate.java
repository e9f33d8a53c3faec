package io.csi4j.e2e.simulator;

import io.csi4j.e2e.simulator.Faults.Door;
import io.csi4j.e2e.simulator.baton.Life;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries the calls of one process to the world, through whatever goes wrong on the way. Before and
 * after each effect others may run. What has left the process happens, whether the process lives to
 * hear of it or not.
 */
final class Gate {
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final World world;
  private final Life life;
  private final Time time;
  private final String replica;

  Gate(World world, Life life, Time time, String replica) {
    this.world = world;
    this.life = life;
    this.time = time;
    this.replica = replica;
  }

  Life life() {
    return life;
  }

  /** What goes wrong with this call; the process is alive, and others have had their turn. */
  @Nullable Fault enter(Door door, String call) {
    life.check();
    if (door != Door.READ) {
      world.violated(world.leases().writes(replica, call));
    }
    world.baton().offer();
    var fault = world.faults().at(door, call);
    world.effect(call, fault);
    return fault;
  }

  /** To the API server. */
  <R> R api(Door door, String call, Supplier<R> effect) {
    return switch (enter(door, call)) {
      case null -> now(call, effect);
      case Fault.Slow(var there, var back) -> travel(call, there, back, effect);
      case Fault.ApiSays(var answer) -> throw failure(answer, call);
      case Fault.DoneUnheard() -> {
        now(call, effect);
        throw failure(Fault.Answer.UNREACHABLE, call);
      }
      case Fault.CrashBefore() -> throw crash(call);
      case Fault.CrashAfter() -> {
        unheard(effect);
        throw crash(call);
      }
      case Fault.CrashDuring(var after) -> {
        world.time().after(after, () -> unheard(effect));
        throw crash(call);
      }
      case Fault.DriverSays other -> throw misplaced(call, other);
      case Fault.DriverAway other -> throw misplaced(call, other);
      case Fault.TimesOut other -> throw misplaced(call, other);
      case Fault.Late other -> throw misplaced(call, other);
      case Fault.WatchGone other -> throw misplaced(call, other);
    };
  }

  static IllegalArgumentException misplaced(String call, Fault fault) {
    return new IllegalArgumentException("%s cannot happen to %s".formatted(fault, call));
  }

  <R> R now(String call, Supplier<R> effect) {
    try {
      var result = effect.get();
      world.done();
      return result;
    } catch (ApiFailure e) {
      world.note(call, e);
      throw e;
    } finally {
      world.baton().offer();
    }
  }

  /** The effect takes place, and nobody hears how it went. */
  void unheard(Supplier<?> effect) {
    try {
      var _ = effect.get();
      world.done();
    } catch (ApiFailure _) {
      // Nobody hears.
    }
  }

  Crash crash(String where) {
    return world.crash(life, where);
  }

  private <R> R travel(String call, Duration there, Duration back, Supplier<R> effect) {
    var reply = new Reply<R>(time.signal());
    world.time().after(there, () -> send(reply, back, effect));
    if (!reply.arrived().await(REQUEST_LIMIT)) {
      throw failure(Fault.Answer.UNREACHABLE, call);
    }
    return reply.open();
  }

  private <R> void send(Reply<R> reply, Duration back, Supplier<R> effect) {
    reply.fill(effect);
    world.done();
    world.time().after(back, reply.arrived()::raise);
  }

  private static ApiFailure failure(Fault.Answer answer, String call) {
    return switch (answer) {
      case CONFLICT -> new ApiFailure.Conflict(call + ": the object has been modified");
      case THROTTLED -> new ApiFailure.Throttled(call + ": too many requests", PATIENCE);
      case UNREACHABLE -> new ApiFailure.Unreachable(call + ": no answer", null);
    };
  }

  /** An answer on its way. */
  private static final class Reply<R> {
    private final Time.Signal arrived;
    private @Nullable R result;
    private @Nullable ApiFailure failure;

    Reply(Time.Signal arrived) {
      this.arrived = arrived;
    }

    Time.Signal arrived() {
      return arrived;
    }

    void fill(Supplier<R> effect) {
      try {
        result = effect.get();
      } catch (ApiFailure e) {
        failure = e;
      }
    }

    R open() {
      if (failure != null) {
        throw failure;
      }
      if (result == null) {
        throw new IllegalStateException("an empty reply");
      }
      return result;
    }
  }
}
