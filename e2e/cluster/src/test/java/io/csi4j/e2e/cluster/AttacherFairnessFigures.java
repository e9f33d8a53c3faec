package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.AttacherBench.LONG;
import static io.csi4j.e2e.cluster.AttacherBench.NODES;
import static java.time.Duration.ofMillis;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whom trouble of others delays: one node whose calls hang for their whole deadline, and a storm of
 * detaches. Run like {@code AttacherFigures}.
 */
@Tag("figures")
@WithControlPlane(name = "attacher-fairness")
class AttacherFairnessFigures {
  private static final int HEALTHY = 990;
  private static final int HEALTHY_NODES = 99;
  private static final int BAD = 10;
  private static final int BAD_NODE = 150;
  private static final int ROUNDS = 3;
  private static final int STORM = 2000;
  private static final int FEW = 100;

  private static AttacherBench bench;
  private static FigureTable table;

  private final PublishingDriver driver = new PublishingDriver(false);
  private Path socket = FigureTable.REPORTS;

  @BeforeAll
  static void fills(ControlPlane controlPlane) throws Exception {
    bench = new AttacherBench(controlPlane);
    table =
        new FigureTable(
            "attacher-fairness", "what", "number", "s", "per s", "p50 ms", "p99 ms", "p99 ratio");
  }

  @AfterAll
  static void endsIt() throws Exception {
    bench.close();
    table.close();
  }

  @BeforeEach
  void findsRoom() throws Exception {
    socket = AttacherBench.socket();
    driver.takes = ofMillis(100);
  }

  @AfterEach
  void endsAttachers() {
    bench.endAttachers();
  }

  /** Each round has new bad attachments: those of earlier rounds are in their pauses. */
  @Test
  void one_node_hangs_and_99_are_well() throws Exception {
    var from = bench.volumes(HEALTHY);
    try (var _ = driver.start(socket)) {
      bench.started(socket);
      attachAndDetach(from);
      driver.hanging.add("id-of-node-" + BAD_NODE);
      for (var round = 1; round <= ROUNDS; round++) {
        var without = attachAndDetach(from);
        report("99 nodes, 10 volumes each, round " + round, without, "");
        var bad = bench.volumes(BAD);
        bench.load.attachTo(BAD_NODE, bad, bad + BAD);
        var with = attachAndDetach(from);
        report(
            "and one node that hangs, 10 volumes",
            with,
            "%.2f".formatted(with.p99Millis() / without.p99Millis()));
        bench.load.detach(bad, bad + BAD);
        driver.hanging.clear();
        bench.load.took(LONG);
        driver.hanging.add("id-of-node-" + BAD_NODE);
      }
    }
  }

  @Test
  void attaches_in_a_storm_of_detaches() throws Exception {
    var from = bench.volumes(STORM + 2 * FEW);
    try (var _ = driver.start(socket)) {
      bench.started(socket);
      bench.load.attach(from, from + STORM, NODES);
      bench.load.took(LONG);
      bench.load.attach(from + STORM, from + STORM + FEW, NODES);
      var alone = bench.load.took(LONG);
      report("100 attaches alone", alone, "");
      bench.load.detach(from, from + STORM);
      var before = bench.load.count() - FEW;
      bench.load.attach(from + STORM + FEW, from + STORM + 2 * FEW, NODES);
      var inStorm = bench.load.took(LONG);
      var after = bench.load.count() - 2 * FEW;
      report(
          "100 attaches while of 2000 detaches %d to %d are left".formatted(before, after),
          inStorm,
          "%.2f".formatted(inStorm.p99Millis() / alone.p99Millis()));
    }
  }

  private static Latencies attachAndDetach(int from) throws Exception {
    bench.load.attach(from, from + HEALTHY, HEALTHY_NODES);
    var took = bench.load.took(LONG);
    bench.load.detach(from, from + HEALTHY);
    bench.load.took(LONG);
    return took;
  }

  private static void report(String what, Latencies took, String ratio) throws Exception {
    table.row(
        what,
        took.count(),
        took.allSeconds(),
        took.perSecond(),
        took.p50Millis(),
        took.p99Millis(),
        ratio);
  }
}
