package io.csi4j.e2e.simulator;

import io.csi4j.e2e.simulator.Simulation.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Takes away from a plan whatever its failure does without: faults, then doings of users, then the
 * changes of turns. What is left breaks the same invariant and cannot lose any single part.
 */
final class Shrink {
  private static final int RUNS_MAX = 2_000;

  private final Simulation simulation;
  private final String invariant;
  private Run best;
  private int runs;

  private Shrink(Simulation simulation, Run failed) {
    this.simulation = simulation;
    this.best = failed;
    this.invariant = invariantOf(failed).orElseThrow();
  }

  /** The shortest failing run that was found; at worst the one that was given. */
  static Run shrink(Simulation simulation, Run failed) {
    var shrink = new Shrink(simulation, failed);
    shrink.accept(failed.plan().withFaults(failed.faults()));
    shrink.accept(shrink.best.plan().with(Plan.Turns.CALM));
    int before;
    do {
      before = shrink.size();
      shrink.reduceFaults();
      shrink.reduceActions();
    } while (shrink.size() < before);
    return shrink.best;
  }

  private int size() {
    return best.faults().size() + best.plan().actions().map(List::size).orElse(best.actions());
  }

  private void reduceFaults() {
    reduce(
        List.copyOf(best.plan().faults().orElse(Map.of()).entrySet()),
        (plan, left) -> {
          var faults = new LinkedHashMap<String, Fault>();
          left.forEach(each -> faults.put(each.getKey(), each.getValue()));
          return plan.withFaults(faults);
        });
  }

  private void reduceActions() {
    var all = IntStream.range(0, best.actions()).boxed().toList();
    reduce(best.plan().actions().orElse(all), Plan::withActions);
  }

  /** Without halves, quarters and so on down to single parts (Zeller's delta debugging). */
  private <P> void reduce(List<P> parts, BiFunction<Plan, List<P>, Plan> change) {
    var left = parts;
    for (var chunk = Math.max(1, left.size() / 2); chunk >= 1; chunk /= 2) {
      for (var from = 0; from < left.size(); ) {
        var fewer = new ArrayList<>(left.subList(0, from));
        fewer.addAll(left.subList(Math.min(left.size(), from + chunk), left.size()));
        if (accept(change.apply(best.plan(), fewer))) {
          left = fewer;
        } else {
          from += chunk;
        }
      }
    }
  }

  private boolean accept(Plan plan) {
    if (runs++ >= RUNS_MAX) {
      return false;
    }
    var run = simulation.run(plan);
    if (!invariantOf(run).equals(Optional.of(invariant))) {
      return false;
    }
    best = run;
    return true;
  }

  private static Optional<String> invariantOf(Run run) {
    return run.violation().map(Violation::invariant);
  }
}
