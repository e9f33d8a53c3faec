package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.AttacherBench.LONG;
import static io.csi4j.e2e.cluster.AttacherBench.NODES;
import static java.time.Duration.ofMillis;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast the attacher is on a real API server, with its default flags and a driver in this
 * process. Another attacher is measured with {@code -Dcsi4j.attacher="/its/path --its=flags"}. Run
 * by {@code ./mvnw -Pfigures -pl e2e/cluster -am verify -Dtest=AttacherFigures
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("figures")
@WithControlPlane(name = "attacher-figures")
class AttacherFigures {
  private static final int MANY = 500;

  private static AttacherBench bench;
  private static FigureTable table;

  private final PublishingDriver driver = new PublishingDriver(false);
  private Path socket = FigureTable.REPORTS;

  @BeforeAll
  static void fills(ControlPlane controlPlane) throws Exception {
    bench = new AttacherBench(controlPlane);
    table =
        new FigureTable(
            "attacher-rates",
            "driver",
            "what",
            "act",
            "number",
            "s",
            "per s",
            "p50 ms",
            "p99 ms",
            "writes each",
            "CPU s",
            "server CPU s",
            "in flight");
  }

  @AfterAll
  static void endsIt() throws Exception {
    bench.close();
    table.close();
  }

  @BeforeEach
  void findsRoom() throws Exception {
    socket = AttacherBench.socket();
  }

  @AfterEach
  void endsAttachers() {
    bench.endAttachers();
  }

  @Test
  void instant_driver() throws Exception {
    var from = bench.volumes(3 * MANY);
    try (var _ = driver.start(socket)) {
      var attacher = bench.started(socket);
      bothWays(new Load("instant", "first 500 of a process", from, MANY), attacher);
      bothWays(new Load("instant", "next 500", from + MANY, MANY), attacher);
      bothWays(new Load("instant", "again, volumes held", from + MANY, MANY), attacher);
      attacher.end();
      var waiting = new Load("instant", "500 wait for a start", from + 2 * MANY, MANY);
      bench.load.attach(waiting.from(), waiting.to(), NODES);
      var since = System.nanoTime();
      var begun = Cost.now(null);
      var cold = bench.start(socket);
      bench.load.took(LONG);
      var seconds = (System.nanoTime() - since) / 1e9;
      report(
          waiting,
          "attach",
          new Latencies(MANY, seconds, seconds * 1e3, seconds * 1e3, seconds * 1e3),
          begun.until(cold));
      bench.load.detach(waiting.from(), waiting.to());
      bench.load.took(LONG);
      cold.end();
    }
  }

  @Test
  void driver_that_takes_200_ms() throws Exception {
    driver.takes = ofMillis(200);
    var from = bench.volumes(4 * MANY);
    try (var _ = driver.start(socket)) {
      var attacher = bench.started(socket);
      bothWays(new Load("200 ms", "first 500 of a process", from, MANY), attacher);
      bothWays(new Load("200 ms", "2000, 500 held", from, 4 * MANY), attacher);
      attacher.end();
    }
  }

  @Test
  void driver_that_takes_200_ms_and_does_20_at_a_time() throws Exception {
    var from = bench.volumes(MANY);
    driver.takes = ofMillis(200);
    driver.atOnce(20);
    try (var _ = driver.start(socket)) {
      var attacher = bench.started(socket);
      bothWays(new Load("200 ms, 20 at once", "500", from, MANY), attacher);
      attacher.end();
    }
  }

  /** What is attached and detached. */
  private record Load(String driver, String what, int from, int count) {
    int to() {
      return from + count;
    }
  }

  private void bothWays(Load load, AttacherProcess attacher) throws Exception {
    driver.resetCounts();
    var begun = Cost.now(attacher);
    bench.load.attach(load.from(), load.to(), NODES);
    report(load, "attach", bench.load.took(LONG), begun.until(attacher));
    driver.resetCounts();
    begun = Cost.now(attacher);
    bench.load.detach(load.from(), load.to());
    report(load, "detach", bench.load.took(LONG), begun.until(attacher));
  }

  private void report(Load load, String act, Latencies took, Cost cost) throws Exception {
    table.row(
        load.driver(),
        load.what(),
        act,
        load.count(),
        took.allSeconds(),
        took.perSecond(),
        took.p50Millis(),
        took.p99Millis(),
        (double) cost.patches() / load.count(),
        cost.cpuSeconds(),
        cost.serverSeconds(),
        driver.inFlightMost.get());
  }

  /** What has been spent, or was by then. */
  private record Cost(long patches, double cpuSeconds, double serverSeconds) {
    static Cost now(@Nullable AttacherProcess attacher) throws IOException {
      return new Cost(
          bench.load.patches(),
          attacher == null ? 0 : attacher.cpuSeconds(),
          bench.controlPlane.apiServerCpuSeconds());
    }

    Cost until(AttacherProcess attacher) throws IOException {
      var now = now(attacher);
      return new Cost(
          now.patches - patches, now.cpuSeconds - cpuSeconds, now.serverSeconds - serverSeconds);
    }
  }
}
