package io.csi4j.e2e.simulator;

import com.google.protobuf.Message;
import io.csi4j.e2e.simulator.Backend.Call;
import io.csi4j.e2e.simulator.Faults.Door;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The driver as one process reaches it. A call that it has taken up comes to its end, whether
 * anybody waits for that or not; until then it answers ABORTED to other calls about the same
 * volume, as CSI asks.
 */
final class GatedDriver implements Driver {
  private static final Duration FOREVER = Duration.ofDays(1);

  private final Driver driver;
  private final Gate gate;
  private final World world;
  private final Time time;

  GatedDriver(Driver driver, Gate gate, World world, Time time) {
    this.driver = driver;
    this.gate = gate;
    this.world = world;
    this.time = time;
  }

  @Override
  public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
    var about = Call.of(call.name(), request);
    gate.life().check();
    world.violated(world.backend().begins(gate.life(), about));
    try {
      var outcome = carry(about, () -> driver.call(call, request));
      switch (outcome) {
        case Outcome.Done<R> _, Outcome.Refused<R> _ -> world.backend().settles(about);
        case Outcome.InDoubt<R> doubt -> world.note(about, doubt.code());
        case Outcome.NotReached<R> _ -> {}
      }
      return outcome;
    } finally {
      world.backend().ends(gate.life(), about);
    }
  }

  private <R> Outcome<R> carry(Call call, Supplier<Outcome<R>> effect) {
    var name = call.toString();
    return switch (gate.enter(Door.DRIVER, name)) {
      case null -> work(call, world.faults().workTime(name), Duration.ZERO, effect);
      case Fault.Slow(var there, var back) -> work(call, there, back, effect);
      case Fault.TimesOut(var after) -> work(call, after, FOREVER, effect);
      case Fault.DriverSays(var code) ->
          failed(world.backend().mayRefuse(call) ? code : Code.UNAVAILABLE, "the driver says so");
      case Fault.DriverAway() ->
          new Outcome.NotReached<>(Outcome.goText(Code.UNAVAILABLE, "connection refused"));
      case Fault.DoneUnheard() -> {
        var _ = work(call, Duration.ZERO, Duration.ZERO, effect);
        yield failed(Code.UNAVAILABLE, "connection lost");
      }
      case Fault.CrashBefore() -> throw gate.crash(name);
      case Fault.CrashAfter() -> {
        if (world.backend().takesUp(call)) {
          done(call, effect);
        }
        throw gate.crash(name);
      }
      case Fault.CrashDuring(var after) -> {
        if (world.backend().takesUp(call)) {
          world.time().after(after, () -> done(call, effect));
        }
        throw gate.crash(name);
      }
      case Fault.ApiSays other -> throw Gate.misplaced(name, other);
      case Fault.Late other -> throw Gate.misplaced(name, other);
      case Fault.WatchGone other -> throw Gate.misplaced(name, other);
    };
  }

  private <R> Outcome<R> work(
      Call call, Duration there, Duration back, Supplier<Outcome<R>> effect) {
    if (!world.backend().takesUp(call)) {
      return failed(Code.ABORTED, "an operation on this volume is under way");
    }
    if (there.isZero() && back.isZero()) {
      var outcome = done(call, effect);
      world.baton().offer();
      return outcome;
    }
    var answer = new Answer<R>(time.signal());
    world
        .time()
        .after(
            there,
            () -> {
              answer.outcome = done(call, effect);
              world.time().after(back, answer.arrived::raise);
            });
    var heard = answer.arrived.await(world.scenario().driver().timeout());
    var outcome = answer.outcome;
    return heard && outcome != null
        ? outcome
        : failed(Code.DEADLINE_EXCEEDED, "context deadline exceeded");
  }

  private <R> Outcome<R> done(Call call, Supplier<Outcome<R>> effect) {
    world.backend().finishes(call);
    var outcome = effect.get();
    world.done();
    return outcome;
  }

  private <R> Outcome<R> failed(Code code, String words) {
    return Outcome.ofFailure(
        code, Outcome.goText(code, words), world.scenario().driver().inDoubt());
  }

  /** On its way. */
  private static final class Answer<R> {
    private final Time.Signal arrived;
    private @Nullable Outcome<R> outcome;

    Answer(Time.Signal arrived) {
      this.arrived = arrived;
    }
  }
}
