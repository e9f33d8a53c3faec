package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import io.csi4j.driver.framework.server.CallObserver;
import io.csi4j.driver.framework.server.CsiServer;
import io.csi4j.driver.framework.server.Endpoint;
import io.csi4j.driver.framework.server.ServerSettings;
import io.csi4j.driver.framework.syscall.FileCopies;
import io.csi4j.driver.framework.syscall.ForeignProgram;
import io.csi4j.driver.framework.syscall.Freezes;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.NativeThreads;
import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import io.csi4j.driver.framework.syscall.Subvolumes;
import io.csi4j.driver.framework.syscall.SystemClocks;
import io.csi4j.driver.spi.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The local driver, controller and node in one, serving until it is closed. */
public final class LocalDriver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalDriver.class);

  /** Native calls at once: mounts wait for the disk, not for a processor. */
  private static final int NATIVE_CALLS_MAX = 8;

  private static final int PROGRAMS_MAX = 4;

  private final CsiServer server;
  private final Readiness readiness;
  private final Foundations foundations;

  /** What everything else stands on, and who closes it. */
  private record Foundations(
      NativeThreads calls,
      NativeThreads programs,
      Freezes freezes,
      Pool pool,
      JournaledMap journal) {

    static Foundations open(LocalDriverOptions options, Watcher watcher) throws IOException {
      var calls = new NativeThreads("native", NATIVE_CALLS_MAX, watcher);
      var programs = new NativeThreads("program", PROGRAMS_MAX, watcher);
      var pool = Pool.open(options.stateDir(), new FileCopies(calls), new Subvolumes(calls));
      var journal = JournaledMap.open(pool.journal(), calls);
      if (journal.damagedLines() > 0) {
        log.atWarn()
            .addKeyValue("lines", journal.damagedLines())
            .addKeyValue("journal", pool.journal())
            .log("skipped damaged lines of the journal");
      }
      return new Foundations(calls, programs, new Freezes(calls), pool, journal);
    }

    void close() {
      freezes.close();
      try {
        journal.close();
        pool.close();
      } catch (IOException failure) {
        log.atWarn().addKeyValue("reason", failure).log("could not close the pool");
      }
      calls.close();
      programs.close();
    }
  }

  private LocalDriver(CsiServer server, Readiness readiness, Foundations foundations) {
    this.server = server;
    this.readiness = readiness;
    this.foundations = foundations;
  }

  /**
   * Listens, and finishes what an earlier life has left; it serves when this returns. Until then a
   * probe is told that it is not ready, and all that changes or looks at volumes is unavailable.
   */
  public static LocalDriver start(LocalDriverOptions options, CallObserver observer)
      throws IOException {
    return start(options, observer, Watcher.NOBODY);
  }

  static LocalDriver start(LocalDriverOptions options) throws IOException {
    return start(options, CallObserver.NOBODY);
  }

  /** The watcher may end the process at any step, to show that the next life goes on from there. */
  static LocalDriver start(LocalDriverOptions options, Watcher watcher) throws IOException {
    return start(options, CallObserver.NOBODY, watcher);
  }

  private static LocalDriver start(
      LocalDriverOptions options, CallObserver observer, Watcher watcher) throws IOException {
    var problems = options.problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("options are not usable: " + problems);
    }
    var foundations = Foundations.open(options, watcher);
    try {
      var loops = new LoopDevices(foundations.calls());
      var parts = parts(options, foundations, loops);
      var recovered = new AtomicBoolean();
      var readiness = readiness(foundations.journal(), loops, recovered);
      var settings =
          ServerSettings.at(Endpoint.parse(options.endpoint()), SystemClocks.nanos())
              .with(options.access())
              .with(observer);
      var server = CsiServer.start(settings, parts.plugin(readiness));
      try {
        parts.recover();
      } catch (IOException | RuntimeException failure) {
        server.close();
        throw failure;
      }
      recovered.set(true);
      return new LocalDriver(server, readiness, foundations);
    } catch (IOException | RuntimeException failure) {
      foundations.close();
      throw failure;
    }
  }

  /** What a probe is told. */
  public Readiness.State state() {
    return readiness.state();
  }

  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    server.close();
    foundations.close();
  }

  private static LocalParts parts(
      LocalDriverOptions options, Foundations foundations, LoopDevices loops) {
    return new LocalParts(
        options,
        new LocalParts.Ground(
            foundations.calls(),
            new ForeignProgram(foundations.programs()),
            foundations.freezes(),
            foundations.pool(),
            foundations.journal()),
        loops);
  }

  private static Readiness readiness(
      JournaledMap journal, LoopDevices loops, AtomicBoolean recovered) {
    return () -> {
      if (!recovered.get()) {
        return new Readiness.State.Starting("it finishes what an earlier life has left");
      }
      var problem = journal.problem();
      if (problem != null) {
        return new Readiness.State.Broken(problem);
      }
      return switch (loops.probe()) {
        case NativeResult.Value<Path> _ -> new Readiness.State.Ready();
        case NativeResult.Failed<Path> failed ->
            new Readiness.State.Broken("no loop devices: could not " + failed.message());
      };
    };
  }
}
