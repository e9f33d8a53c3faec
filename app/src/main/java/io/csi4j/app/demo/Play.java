package io.csi4j.app.demo;

import io.csi4j.app.demo.Narrator.Ending;
import io.csi4j.app.demo.Step.Seen;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.Time;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells the story from the first line to the last, and cleans up whatever happens. */
final class Play {
  private final DemoOptions options;
  private final Time time;
  private final PrintStream out;
  private final Stop stop;
  private final List<Scene> scenes = new ArrayList<>();

  /** When the program began, which is before this JVM knew it. */
  private final Instant begun;

  Play(DemoOptions options, Time time, PrintStream out, Stop stop) {
    this.options = options;
    this.time = time;
    this.out = out;
    this.stop = stop;
    this.begun = ProcessHandle.current().info().startInstant().orElse(time.now());
  }

  void run() throws InterruptedException {
    Venue venue;
    try {
      venue = venue();
    } catch (IOException e) {
      throw new Fatal("could not begin: " + e);
    }
    try (venue;
        var narrator = narrator()) {
      venue.announcements().forEach(narrator::says);
      narrator.says("");
      for (var step : new Story(venue).steps()) {
        tell(step, venue, narrator);
      }
      narrator.says("");
      Timetable.lines(scenes).forEach(narrator::says);
      narrator.says("");
      narrator.says("The story ended well after %.1f s.".formatted(seconds(since(begun))));
      if (options.keep()) {
        narrator.says("");
        venue.invitation().forEach(narrator::says);
        stop.await();
      }
    } catch (IOException e) {
      throw new Fatal("could not clean up: " + e.getMessage());
    } catch (Fatal e) {
      for (var alsoFailed : e.getSuppressed()) {
        out.println("could not clean up: " + alsoFailed.getMessage());
      }
      throw e;
    }
  }

  private Venue venue() throws IOException {
    var cluster = options.cluster();
    return cluster.isPresent()
        ? new ClusterVenue(cluster.get(), options, time, stop)
        : SandboxVenue.of(options, time, stop);
  }

  private Narrator narrator() {
    var live =
        !options.plain()
            && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
            && Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty()
            && !"dumb".equals(System.getenv("TERM"));
    return live ? LiveLine.on(out, time) : new PlainLines(out);
  }

  private void tell(Step step, Venue venue, Narrator narrator) {
    narrator.begins(step.name(), venue::busyWith);
    var from = time.now();
    Ending ending;
    String words;
    Optional<StepFailed> failure = Optional.empty();
    try {
      stop.check();
      var seen = step.body().run();
      words = seen.words();
      ending =
          switch (seen) {
            case Seen.Done _ -> Ending.OK;
            case Seen.LeftOut _ -> Ending.LEFT_OUT;
          };
    } catch (Exception e) {
      var failed = e instanceof StepFailed known ? known : new StepFailed(e.toString());
      failure = Optional.of(failed);
      words = String.valueOf(failed.getMessage());
      ending = Ending.FAILED;
    }
    var to = time.now();
    var called = venue.called(from, to);
    var scene =
        new Scene(
            step.name(), Duration.between(begun, from), Duration.between(from, to), words, called);
    scenes.add(scene);
    narrator.ends(ending, scene);
    if (failure.isPresent()) {
      failure.get().heard().forEach(line -> narrator.says("           heard: " + line));
      called.forEach(line -> narrator.says("           " + line));
      throw new Fatal("step %s failed: %s".formatted(step.name(), failure.get().summary()));
    }
  }

  private Duration since(Instant moment) {
    return Duration.between(moment, time.now());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
