package io.csi4j.e2e.sandbox.actors.loop;

import io.csi4j.e2e.sandbox.faults.WriteCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which actor dies at which write. All methods may be called from any thread. */
public final class Kills {

  /** Guarded by itself. */
  private final List<Planned> plan = new ArrayList<>();

  /** On which side of the write the actor dies. */
  public enum When {
    BEFORE,
    AFTER
  }

  private record Planned(String actor, When when, Predicate<WriteCall> which) {}

  /** The actor's next write that fits is its last, or is the one that it no longer does. */
  public void plan(String actor, When when, Predicate<WriteCall> which) {
    synchronized (plan) {
      plan.add(new Planned(actor, when, which));
    }
  }

  /** Throws {@link Killed} where the plan says so. */
  public void check(String actor, When when, WriteCall call) {
    synchronized (plan) {
      var due =
          plan.stream()
              .filter(each -> each.actor.equals(actor) && each.when == when)
              .filter(each -> each.which.test(call))
              .findFirst();
      if (due.isPresent()) {
        plan.remove(due.get());
        throw new Killed(actor);
      }
    }
  }
}
