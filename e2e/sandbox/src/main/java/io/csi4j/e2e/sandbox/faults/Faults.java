package io.csi4j.e2e.sandbox.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Decides for each write what goes wrong with it. All methods may be called from any thread. */
public final class Faults {
  private static final Fault NONE = new Fault.None();

  /** Guarded by itself. */
  private final List<Planned> plan = new ArrayList<>();

  /** The n-th write from now on that fits suffers the fault, once; 1 is the next. */
  public void onWrite(int nth, Predicate<WriteCall> which, Fault fault) {
    plan(nth, 1, which, fault);
  }

  /** All writes that fit suffer the fault until {@link #clear}. */
  public void onWrites(Predicate<WriteCall> which, Fault fault) {
    plan(1, Integer.MAX_VALUE, which, fault);
  }

  public void clear() {
    synchronized (plan) {
      plan.clear();
    }
  }

  private void plan(int nth, int times, Predicate<WriteCall> which, Fault fault) {
    synchronized (plan) {
      plan.add(new Planned(nth, times, which, fault));
    }
  }

  /** What to do with this write; asked once for each. */
  public Fault next(WriteCall call) {
    synchronized (plan) {
      for (var planned : plan) {
        if (planned.isDue(call)) {
          return planned.fault;
        }
      }
      return NONE;
    }
  }

  /** Guarded by the plan. */
  private static final class Planned {
    private final Predicate<WriteCall> which;
    private final Fault fault;
    private int before;
    private int times;

    Planned(int nth, int times, Predicate<WriteCall> which, Fault fault) {
      this.before = nth - 1;
      this.times = times;
      this.which = which;
      this.fault = fault;
    }

    private boolean isDue(WriteCall call) {
      if (times == 0 || !which.test(call)) {
        return false;
      }
      if (before > 0) {
        before--;
        return false;
      }
      times--;
      return true;
    }
  }
}
