package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import io.csi4j.driver.framework.server.CsiServer;
import io.csi4j.driver.framework.server.Endpoint;
import io.csi4j.driver.framework.syscall.FileCopies;
import io.csi4j.driver.framework.syscall.ForeignProgram;
import io.csi4j.driver.framework.syscall.Freezes;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.NativeThreads;
import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import io.csi4j.driver.framework.syscall.SystemClocks;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The local driver, controller and node in one, serving until it is closed. */
public final class LocalDriver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalDriver.class);

  /** Native calls at once: mounts wait for the disk, not for a processor. */
  private static final int NATIVE_CALLS_MAX = 8;

  private static final int PROGRAMS_MAX = 4;

  private final CsiServer server;
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
      var pool = Pool.open(options.stateDir(), new FileCopies(calls));
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

  private LocalDriver(CsiServer server, Foundations foundations) {
    this.server = server;
    this.foundations = foundations;
  }

  /** Finishes what an earlier life has left, then serves; it listens when this returns. */
  public static LocalDriver start(LocalDriverOptions options) throws IOException {
    return start(options, Watcher.NOBODY);
  }

  /** The watcher may end the process at any step, to show that the next life goes on from there. */
  static LocalDriver start(LocalDriverOptions options, Watcher watcher) throws IOException {
    var problems = options.problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("options are not usable: " + problems);
    }
    var foundations = Foundations.open(options, watcher);
    try {
      var plugin = plugin(options, foundations);
      var server =
          CsiServer.start(Endpoint.parse(options.endpoint()), plugin, SystemClocks.nanos());
      return new LocalDriver(server, foundations);
    } catch (IOException | RuntimeException failure) {
      foundations.close();
      throw failure;
    }
  }

  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    server.close();
    foundations.close();
  }

  private static Plugin plugin(LocalDriverOptions options, Foundations foundations)
      throws IOException {
    var loops = new LoopDevices(foundations.calls());
    var parts =
        new LocalParts(
            options,
            new LocalParts.Ground(
                foundations.calls(),
                new ForeignProgram(foundations.programs()),
                foundations.freezes(),
                foundations.pool(),
                foundations.journal()),
            loops);
    parts.recover();
    return parts.plugin(readiness(foundations.journal(), loops));
  }

  private static Readiness readiness(JournaledMap journal, LoopDevices loops) {
    return () -> {
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
