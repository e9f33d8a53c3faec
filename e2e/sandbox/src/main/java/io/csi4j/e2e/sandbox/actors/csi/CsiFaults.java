package io.csi4j.e2e.sandbox.actors.csi;

import io.csi4j.e2e.sandbox.actors.history.CsiCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Decides for each call what goes wrong with it. All methods may be called from any thread. */
public final class CsiFaults {
  private static final CsiFault NONE = new CsiFault.None();

  /** Guarded by itself. */
  private final List<Planned> plan = new ArrayList<>();

  /** The next calls of the method, so many of them, suffer the fault. */
  public void next(int times, String method, CsiFault fault) {
    plan(times, call -> call.is(method), fault);
  }

  /** The next calls that fit, so many of them, suffer the fault. */
  public void plan(int times, Predicate<CsiCall> which, CsiFault fault) {
    synchronized (plan) {
      plan.add(new Planned(times, which, fault));
    }
  }

  public void clear() {
    synchronized (plan) {
      plan.clear();
    }
  }

  CsiFault decide(CsiCall call) {
    synchronized (plan) {
      for (var planned : plan) {
        if (planned.times > 0 && planned.which.test(call)) {
          planned.times--;
          return planned.fault;
        }
      }
      return NONE;
    }
  }

  /** Guarded by the plan. */
  private static final class Planned {
    private final Predicate<CsiCall> which;
    private final CsiFault fault;
    private int times;

    Planned(int times, Predicate<CsiCall> which, CsiFault fault) {
      this.times = times;
      this.which = which;
      this.fault = fault;
    }
  }
}
