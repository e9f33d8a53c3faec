package io.csi4j.e2e.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario, a seed at a time. Runs take place on a virtual thread, whoever asks for them:
 * there the baton changes hands in a microsecond or two.
 */
public final class Simulation {
  private static final int TRACE_LINES_MAX = 400;

  private final Scenario scenario;

  public Simulation(Scenario scenario) {
    this.scenario = scenario;
  }

  /**
   * How one run went.
   *
   * @param faults all that went wrong, by place
   * @param actions how many things users were to do
   */
  public record Run(
      Plan plan,
      Optional<Violation> violation,
      Map<String, Fault> faults,
      int actions,
      long effects,
      Trace trace) {}

  /**
   * How many went.
   *
   * @param failed the first that failed
   */
  public record Tally(long seeds, long effects, Optional<Run> failed) {}

  // Whatever a run throws is what it found.
  @SuppressWarnings("CatchingUnchecked")
  public Run run(Plan plan) {
    if (!Thread.currentThread().isVirtual()) {
      return onVirtualThread(() -> run(plan));
    }
    var world = new World(scenario, plan);
    @Nullable Violation violation = null;
    try (world) {
      world.live();
    } catch (Violation.Found e) {
      violation = e.violation();
    } catch (Exception e) {
      violation = new Violation("no bug ends a fiber", e + " at " + List.of(e.getStackTrace()));
    }
    return new Run(
        plan,
        Optional.ofNullable(violation),
        world.faultsUsed(),
        world.actionsDrawn(),
        world.effects(),
        world.trace());
  }

  /** Seed after seed, until one fails, all are through, or somebody says stop. */
  public Tally search(long from, long seeds, BooleanSupplier stop) {
    return onVirtualThread(
        () -> {
          var effects = 0L;
          for (var n = 0L; n < seeds && !stop.getAsBoolean(); n++) {
            var run = run(Plan.of(from + n));
            effects += run.effects();
            if (run.violation().isPresent()) {
              return new Tally(n + 1, effects, Optional.of(run));
            }
          }
          return new Tally(seeds, effects, Optional.empty());
        });
  }

  /** For tests: an {@link AssertionError} that tells the whole story where a seed fails. */
  public void holds(long from, long seeds) {
    search(from, seeds, () -> false)
        .failed()
        .ifPresent(
            run -> {
              throw new AssertionError(story(run));
            });
  }

  /** What was broken, the shortest plan that still breaks it, and what happens in it. */
  public String story(Run failed) {
    var least = onVirtualThread(() -> Shrink.shrink(this, failed));
    var lines = least.trace().lines();
    var shown = lines.subList(Math.max(0, lines.size() - TRACE_LINES_MAX), lines.size());
    return """
        %s: seed %d fails
        %s
        the shortest plan that fails so, of %d faults instead of %d:
        %s
        %s
        """
        .formatted(
            scenario.name(),
            failed.plan().seed(),
            least.violation().orElseThrow(),
            least.faults().size(),
            failed.faults().size(),
            least.plan(),
            String.join("\n", shown));
  }

  private static <R> R onVirtualThread(Callable<R> work) {
    var task = new FutureTask<>(work);
    if (Thread.currentThread().isVirtual()) {
      task.run();
    } else {
      Thread.ofVirtual().name("simulator").start(task);
    }
    try {
      return task.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while a simulation runs", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
