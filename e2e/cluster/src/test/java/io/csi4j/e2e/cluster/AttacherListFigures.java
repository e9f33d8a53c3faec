package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.AttacherBench.LONG;
import static io.csi4j.e2e.cluster.AttacherBench.NODES;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What it costs to compare attachments with the driver's list of volumes, and what comes of it. Run
 * like {@code AttacherFigures}.
 */
@Tag("figures")
@WithControlPlane(name = "attacher-list")
class AttacherListFigures {
  private static final int COUNT = 5000;
  private static final int WRONG = COUNT / 100;
  private static final int CYCLES = 5;

  private final PublishingDriver driver = new PublishingDriver(true);

  @Test
  void list_of_5000_volumes_with_1_percent_wrong(ControlPlane controlPlane) throws Exception {
    var socket = AttacherBench.socket();
    try (var bench = new AttacherBench(controlPlane);
        var table =
            new FigureTable(
                "attacher-list",
                "what",
                "lists",
                "s",
                "CPU ms each",
                "publishes",
                "unpublishes",
                "patches");
        var _ = driver.start(socket)) {
      var from = bench.volumes(COUNT);
      var attacher = bench.started(socket, "--reconcile-sync=10s");
      bench.load.attach(from, from + COUNT, NODES);
      bench.load.took(LONG.multipliedBy(2));
      quiet(2);
      measure(table, bench, attacher, "5000 volumes, none wrong");
      var patches = bench.load.patches();
      driver.resetCounts();
      var lists = driver.lists.get();
      for (var i = 0; i < WRONG; i++) {
        driver.nodes.getOrDefault(AttachLoad.handle(from + i * 100), Set.of()).clear();
      }
      var since = System.nanoTime();
      await()
          .atMost(LONG)
          .pollInterval(ofMillis(50))
          .until(() -> driver.nodes.values().stream().noneMatch(Set::isEmpty));
      var seconds = (System.nanoTime() - since) / 1e9;
      var needed = driver.lists.get() - lists;
      quiet(3);
      table.row(
          "50 of them detached at the array: all attached again",
          needed,
          seconds,
          "",
          driver.publishes.get(),
          driver.unpublishes.get(),
          bench.load.patches() - patches);
      assertThat(driver.publishes).hasValue(WRONG);
      assertThat(driver.unpublishes).hasValue(0);
      measure(table, bench, attacher, "5000 volumes, none wrong any more");
      attacher.end();
    }
  }

  private void measure(
      FigureTable table, AttacherBench bench, AttacherProcess attacher, String what)
      throws Exception {
    driver.resetCounts();
    var patches = bench.load.patches();
    var cpu = attacher.cpuSeconds();
    var lists = driver.lists.get();
    var since = System.nanoTime();
    quiet(CYCLES);
    table.row(
        what,
        driver.lists.get() - lists,
        (System.nanoTime() - since) / 1e9,
        (attacher.cpuSeconds() - cpu) * 1e3 / (driver.lists.get() - lists),
        driver.publishes.get(),
        driver.unpublishes.get(),
        bench.load.patches() - patches);
  }

  private void quiet(int more) {
    var until = driver.lists.get() + more;
    await().atMost(LONG).until(() -> driver.lists.get() >= until);
  }
}
