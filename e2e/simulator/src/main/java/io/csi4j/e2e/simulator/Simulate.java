package io.csi4j.e2e.simulator;

import io.csi4j.e2e.simulator.Simulation.Run;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command behind {@code e2e/simulator/run}: seeds for minutes or hours. Not part of the
 * program, so it has a main method of its own.
 */
public final class Simulate {
  private static final long CHUNK = 500;
  private static final Duration REPORT_EVERY = Duration.ofSeconds(10);
  private static final int BAD_USAGE = 2;

  private final Simulation simulation;
  private final Wanted wanted;
  private final PrintStream out;

  /** First seed that breaks it, by invariant. */
  private final Map<String, Long> found = new TreeMap<>();

  private long failures;
  private long runs;
  private long effects;

  private Simulate(Simulation simulation, Wanted wanted, PrintStream out) {
    this.simulation = simulation;
    this.wanted = wanted;
    this.out = out;
  }

  /** What is asked for. */
  private record Wanted(
      String scenario, long from, long seeds, Duration limit, String plan, Show show) {

    static Wanted from(Flags flags) {
      var scenario = flags.text("scenario-method", "", "class#method that makes the scenario");
      flags.require(scenario.contains("#"), "scenario-method", "class#method");
      var from = flags.count("from", 0, "the first seed");
      var seeds = flags.count("seeds", 0, "how many seeds; 0 is no limit");
      var minutes = flags.count("minutes", 0, "for how long; 0 is no limit");
      var plan = flags.text("plan", "", "one run, as a failure has printed it");
      flags.require(
          seeds > 0 || minutes > 0 || !plan.isEmpty(), "seeds", "given, or --minutes, or --plan");
      var all = flags.truth("all", Presence.OFF, "go on after a failure and count them");
      var digest = flags.truth("digest", Presence.OFF, "print each seed's digest and nothing else");
      flags.throwIfAnyProblem();
      return new Wanted(
          scenario,
          from,
          seeds == 0 ? Long.MAX_VALUE : seeds,
          minutes == 0 ? Duration.ofDays(365) : Duration.ofMinutes(minutes),
          plan,
          digest ? Show.DIGESTS : all ? Show.COUNTS : Show.FIRST_FAILURE);
    }
  }

  private enum Show {
    FIRST_FAILURE,
    COUNTS,
    DIGESTS
  }

  public static void main(String[] args) throws ReflectiveOperationException {
    System.exit(run(Arrays.asList(args), System.out));
  }

  /** The exit code: 0 nothing found, 1 something found, 2 bad usage. */
  static int run(List<String> args, PrintStream out) throws ReflectiveOperationException {
    Wanted wanted;
    try {
      wanted = Wanted.from(Flags.parse(args));
    } catch (BadFlags e) {
      out.println(e.getMessage());
      return BAD_USAGE;
    }
    var simulation = new Simulation(scenario(wanted.scenario()));
    return new Simulate(simulation, wanted, out).run();
  }

  private static Scenario scenario(String method) throws ReflectiveOperationException {
    var hash = method.indexOf('#');
    var maker =
        Class.forName(method.substring(0, hash)).getDeclaredMethod(method.substring(hash + 1));
    maker.setAccessible(true);
    try {
      return (Scenario) maker.invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("%s made no scenario".formatted(method), e.getCause());
    }
  }

  private int run() {
    if (!wanted.plan().isEmpty()) {
      return replay();
    }
    if (wanted.show() == Show.DIGESTS) {
      return digests();
    }
    var begun = System.nanoTime();
    var reported = begun;
    var end = begun + wanted.limit().toNanos();
    var over = false;
    while (!over && runs < wanted.seeds() && System.nanoTime() - end < 0) {
      over = chunk(end);
      if (System.nanoTime() - reported > REPORT_EVERY.toNanos()) {
        reported = System.nanoTime();
        out.println(tally(reported - begun));
      }
    }
    out.println(tally(System.nanoTime() - begun));
    found.forEach(
        (invariant, seed) -> out.printf("first broken by seed %d: %s%n", seed, invariant));
    return failures == 0 ? 0 : 1;
  }

  /** Says whether to stop. */
  private boolean chunk(long end) {
    var seed = wanted.from() + runs;
    var tally =
        simulation.search(
            seed, Math.min(CHUNK, wanted.seeds() - runs), () -> System.nanoTime() - end >= 0);
    runs += tally.seeds();
    effects += tally.effects();
    if (tally.failed().isEmpty()) {
      return false;
    }
    var run = tally.failed().get();
    failures++;
    if (found.putIfAbsent(run.violation().orElseThrow().invariant(), run.plan().seed()) == null) {
      out.println(simulation.story(run));
    }
    return wanted.show() == Show.FIRST_FAILURE;
  }

  private String tally(long nanos) {
    var seconds = nanos / 1e9;
    return String.format(
        Locale.ROOT,
        "%,d seeds from %d, %,d effects in %.1f s: %,.0f seeds/s, %,.0f effects/s"
            + " (%,.0f per second of CPU time); %d failed",
        runs,
        wanted.from(),
        effects,
        seconds,
        runs / seconds,
        effects / seconds,
        effects / cpuSeconds(),
        failures);
  }

  /** Of the whole process, compilers and collector included: what a busy machine cannot falsify. */
  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ofNanos(1)).toNanos()
        / 1e9;
  }

  private int replay() {
    var run = simulation.run(Plan.parse(wanted.plan()));
    run.trace().lines().forEach(out::println);
    out.println(run.violation().map(Violation::toString).orElse("nothing is broken"));
    return run.violation().isPresent() ? 1 : 0;
  }

  private int digests() {
    for (var seed = wanted.from(); seed < wanted.from() + wanted.seeds(); seed++) {
      out.println(digest(simulation.run(Plan.of(seed))));
    }
    return 0;
  }

  static String digest(Run run) {
    return "%d %d %s".formatted(run.plan().seed(), run.effects(), run.trace().digest());
  }
}
