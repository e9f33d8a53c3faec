package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.AttacherBench.LONG;
import static io.csi4j.e2e.cluster.AttacherBench.NODES;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the attacher lives through while 500 volumes are being attached, and how soon it is at work
 * again. Run like {@code AttacherFigures}.
 */
@Tag("figures")
@WithControlPlane(name = "attacher-outages")
class AttacherOutageFigures {
  private static final int MANY = 500;
  private static final int BEGUN = 50;
  private static final long API_AWAY_MILLIS = 60_000;
  private static final long DRIVER_AWAY_MILLIS = 10_000;

  /** Until a process that was started stands by. */
  private static final long STANDBY_MILLIS = 5_000;

  private static final String[] ELECTION = {
    "--leader-election", "--leader-election-namespace=default"
  };

  private static AttacherBench bench;
  private static FigureTable table;

  private final PublishingDriver driver = new PublishingDriver(false);
  private Path socket = FigureTable.REPORTS;
  private int from;

  @BeforeAll
  static void fills(ControlPlane controlPlane) throws Exception {
    bench = new AttacherBench(controlPlane);
    table =
        new FigureTable(
            "attacher-outages",
            "what",
            "next call after s",
            "all attached after s",
            "publishes",
            "of",
            "exits",
            "left on the array after detach");
  }

  @AfterAll
  static void endsIt() throws Exception {
    bench.close();
    table.close();
  }

  @BeforeEach
  void findsRoom() throws Exception {
    socket = AttacherBench.socket();
    // So slow that most is still to be done when all has been asked for.
    driver.takes = ofMillis(500);
    from = bench.volumes(MANY);
  }

  @AfterEach
  void endsAttachers() {
    bench.endAttachers();
  }

  @Test
  void api_server_dies_and_comes_back_after_60_s() throws Exception {
    try (var _ = driver.start(socket)) {
      var attacher = bench.started(socket);
      begin();
      bench.controlPlane.killApiServer();
      Thread.sleep(API_AWAY_MILLIS);
      driver.resetFirstCall();
      bench.controlPlane.bringBack();
      finish("API server away for 60 s, since it is ready", System.nanoTime(), attacher);
    }
  }

  @Test
  void driver_dies_and_comes_back_after_10_s() throws Exception {
    var first = driver.start(socket);
    var attacher = bench.started(socket);
    begin();
    first.close();
    Thread.sleep(DRIVER_AWAY_MILLIS);
    driver.resetFirstCall();
    try (var _ = driver.start(socket)) {
      finish("driver away for 10 s, since it is back", System.nanoTime(), attacher);
    }
  }

  @Test
  void leader_is_asked_to_end() throws Exception {
    try (var _ = driver.start(socket)) {
      var first = bench.started(socket, ELECTION);
      var second = bench.start(socket, ELECTION);
      Thread.sleep(STANDBY_MILLIS);
      begin();
      var since = System.nanoTime();
      first.end();
      // All that the first has begun has begun by now, so the next call is the other's.
      driver.resetFirstCall();
      finish("leader stopped (SIGTERM), since then", since, second);
    }
  }

  @Test
  void leader_is_killed() throws Exception {
    try (var _ = driver.start(socket)) {
      var first = bench.started(socket, ELECTION);
      var second = bench.start(socket, ELECTION);
      Thread.sleep(STANDBY_MILLIS);
      begin();
      var since = System.nanoTime();
      first.kill();
      await().atMost(LONG).pollInterval(ofMillis(1)).until(() -> !first.alive());
      driver.resetFirstCall();
      finish("leader killed (SIGKILL), since then", since, second);
    }
  }

  private void begin() throws Exception {
    driver.resetCounts();
    bench.load.attach(from, from + MANY, NODES);
    await().atMost(LONG).pollInterval(ofMillis(5)).until(() -> driver.publishes.get() > BEGUN);
    assertThat(driver.publishes.get()).as("done before it begins").isLessThan(MANY * 4 / 5);
  }

  private void finish(String what, long since, AttacherProcess attacher) throws Exception {
    bench.load.took(LONG);
    var all = (System.nanoTime() - since) / 1e9;
    var publishes = driver.publishes.get();
    bench.load.detach(from, from + MANY);
    bench.load.took(LONG);
    var left = driver.nodes.values().stream().filter(nodes -> !nodes.isEmpty()).count();
    table.row(
        what,
        (driver.firstCallNanos() - since) / 1e9,
        all,
        publishes,
        MANY,
        attacher.alive() ? "none" : "exited",
        left);
    assertThat(attacher.alive()).isTrue();
    assertThat(driver.nodes.values()).allMatch(Set::isEmpty);
    attacher.end();
  }
}
