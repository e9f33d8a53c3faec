package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Figures of the attacher on a real API server, with its default flags unless they say otherwise
 * and a driver in this process. Another attacher is measured with {@code
 * -Dcsi4j.attacher="/its/path --its=flags"}. Run by {@code ./mvnw -Pfigures -pl e2e/cluster -am
 * verify -Dtest=AttacherFigures}; they go to {@code target/e2e/attacher.txt}, too.
 */
@Tag("figures")
@WithControlPlane(name = "attacher-figures")
class AttacherFigures {
  private static final Path REPORTS = Path.of("target", "e2e").toAbsolutePath();
  private static final Duration LONG = ofMinutes(3);
  private static final int MANY = 500;
  private static final int NODES = 50;

  private static ControlPlane controlPlane;
  private static AttachLoad load;

  /** Each figure has volumes of its own. */
  private static int next;

  private final List<AttacherProcess> attachers = new ArrayList<>();
  private final PublishingDriver driver = new PublishingDriver(false);
  private Path socket = REPORTS;
  private int from;

  @BeforeAll
  static void fills(ControlPlane given) throws Exception {
    Files.createDirectories(REPORTS);
    controlPlane = given;
    load = new AttachLoad(controlPlane.kubeconfig());
    load.nodes(200);
    say("%nload of the machine: %s".formatted(Files.readString(Path.of("/proc/loadavg")).strip()));
  }

  @AfterAll
  static void endsIt() throws Exception {
    load.close();
  }

  @BeforeEach
  void findsRoom(TestInfo test) throws IOException {
    from = next;
    next += 10_000;
    socket = Files.createTempDirectory("csi4j").resolve("csi.sock");
    say(test.getDisplayName());
  }

  @AfterEach
  void endsAttachers() {
    attachers.forEach(AttacherProcess::close);
  }

  @Test
  void instant_driver() throws Exception {
    load.volumes(from, from + 3 * MANY);
    try (var _ = driver.start(socket)) {
      var attacher = started();
      attachAndDetach("first 500 of a process", attacher, from, MANY);
      attachAndDetach("next 500", attacher, from + MANY, MANY);
      attachAndDetach("again, volumes held already", attacher, from + MANY, MANY);
      say("resident %d MiB".formatted(attacher.residentMiB()));
      attacher.end();
      load.attach(from + 2 * MANY, from + 3 * MANY, NODES);
      var since = System.nanoTime();
      var cold = start();
      load.took(LONG);
      say(
          "500 that wait for a process to start: all attached %.2f s after exec, CPU %.1f s"
              .formatted((System.nanoTime() - since) / 1e9, cold.cpuSeconds()));
      load.detach(from + 2 * MANY, from + 3 * MANY);
      load.took(LONG);
      cold.end();
    }
  }

  @Test
  void driver_that_takes_200_ms() throws Exception {
    driver.takes = ofMillis(200);
    load.volumes(from, from + 4 * MANY);
    try (var _ = driver.start(socket)) {
      var attacher = started();
      attachAndDetach("first 500 of a process", attacher, from, MANY);
      attachAndDetach("2000 more", attacher, from, 4 * MANY);
      attacher.end();
    }
  }

  @Test
  void driver_that_takes_200_ms_and_does_20_at_a_time() throws Exception {
    load.volumes(from, from + MANY);
    driver.takes = ofMillis(200);
    driver.atOnce(20);
    try (var _ = driver.start(socket)) {
      var attacher = started();
      attachAndDetach("500", attacher, from, MANY);
      attacher.end();
    }
  }

  @Test
  void one_node_hangs_and_99_are_well() throws Exception {
    driver.takes = ofMillis(100);
    var healthy = 990;
    load.volumes(from, from + healthy + 20);
    try (var _ = driver.start(socket)) {
      var attacher = started();
      load.attach(from, from + healthy, 99);
      load.took(LONG);
      load.detach(from, from + healthy);
      load.took(LONG);
      load.attach(from, from + healthy, 99);
      var without = load.took(LONG);
      say("without the bad node: " + without);
      load.detach(from, from + healthy);
      load.took(LONG);
      driver.hanging.add("id-of-node-150");
      load.attachTo(150, from + healthy, from + healthy + 20);
      load.attach(from, from + healthy, 99);
      var with = load.took(LONG);
      say("with 20 volumes on a node that hangs: " + with);
      say("p99 with / without: %.2f".formatted(with.p99Millis() / without.p99Millis()));
      driver.hanging.clear();
      attacher.end();
    }
  }

  @Test
  void attaches_in_a_storm_of_detaches() throws Exception {
    driver.takes = ofMillis(100);
    load.volumes(from, from + 2200);
    try (var _ = driver.start(socket)) {
      var attacher = started();
      load.attach(from, from + 2000, NODES);
      load.took(LONG);
      load.attach(from + 2000, from + 2100, NODES);
      say("100 attaches alone: " + load.took(LONG));
      load.detach(from, from + 2000);
      load.attach(from + 2100, from + 2200, NODES);
      say("100 attaches during 2000 detaches: " + load.took(LONG));
      attacher.end();
    }
  }

  @Test
  void list_of_5000_volumes_with_1_percent_wrong() throws Exception {
    var count = 5000;
    var listing = new PublishingDriver(true);
    load.volumes(from, from + count);
    try (var _ = listing.start(socket)) {
      var attacher = started("--reconcile-sync=10s");
      load.attach(from, from + count, NODES);
      load.took(LONG);
      quiet(listing, 2);
      var cpu = attacher.cpuSeconds();
      var lists = listing.lists.get();
      quiet(listing, 5);
      say(
          "a list of %d volumes in pages of 1000: CPU %.0f ms each"
              .formatted(
                  count, (attacher.cpuSeconds() - cpu) * 1e3 / (listing.lists.get() - lists)));
      var patches = load.patches();
      listing.resetCounts();
      for (var i = 0; i < count / 100; i++) {
        listing.nodes.getOrDefault(AttachLoad.handle(from + i * 100), Set.of()).clear();
      }
      var since = System.nanoTime();
      await()
          .atMost(LONG)
          .pollInterval(ofMillis(50))
          .until(() -> listing.nodes.values().stream().noneMatch(Set::isEmpty));
      say(
          "%d volumes detached behind its back: all attached again after %.1f s"
              .formatted(count / 100, (System.nanoTime() - since) / 1e9));
      quiet(listing, 3);
      say(
          "publishes %d, unpublishes %d, patches %d"
              .formatted(
                  listing.publishes.get(), listing.unpublishes.get(), load.patches() - patches));
      assertThat(listing.publishes).hasValue(count / 100);
      assertThat(listing.unpublishes).hasValue(0);
      attacher.end();
    }
  }

  @Test
  void api_server_dies_and_comes_back() throws Exception {
    driver.takes = ofMillis(50);
    load.volumes(from, from + MANY);
    try (var _ = driver.start(socket)) {
      var attacher = started();
      load.attach(from, from + MANY, NODES);
      await().atMost(LONG).pollInterval(ofMillis(10)).until(() -> driver.publishes.get() > 100);
      controlPlane.killApiServer();
      Thread.sleep(10_000);
      controlPlane.bringBack();
      var since = System.nanoTime();
      load.took(LONG);
      say(
          "10 s without API server: all attached %.1f s after it was ready, publishes %d of %d"
              .formatted((System.nanoTime() - since) / 1e9, driver.publishes.get(), MANY));
      assertThat(attacher.alive()).isTrue();
      load.detach(from, from + MANY);
      load.took(LONG);
      assertThat(driver.nodes.values()).allMatch(Set::isEmpty);
      attacher.end();
    }
  }

  @Test
  void driver_dies_and_comes_back() throws Exception {
    driver.takes = ofMillis(50);
    load.volumes(from, from + MANY);
    var first = driver.start(socket);
    var attacher = started();
    load.attach(from, from + MANY, NODES);
    await().atMost(LONG).pollInterval(ofMillis(10)).until(() -> driver.publishes.get() > 100);
    first.close();
    Thread.sleep(10_000);
    try (var _ = driver.start(socket)) {
      var since = System.nanoTime();
      load.took(LONG);
      say(
          "10 s without driver: all attached %.1f s after it was back, publishes %d of %d"
              .formatted((System.nanoTime() - since) / 1e9, driver.publishes.get(), MANY));
      assertThat(attacher.alive()).isTrue();
      attacher.end();
    }
  }

  @Test
  void leader_is_stopped_and_the_next_one_killed() throws Exception {
    driver.takes = ofMillis(50);
    load.volumes(from, from + 2 * MANY);
    var election = new String[] {"--leader-election", "--leader-election-namespace=default"};
    try (var _ = driver.start(socket)) {
      var first = started(election);
      var second = start(election);
      Thread.sleep(4000);
      load.attach(from, from + MANY, NODES);
      await().atMost(LONG).pollInterval(ofMillis(10)).until(() -> driver.publishes.get() > 100);
      var drained = first.end();
      var since = System.nanoTime();
      load.took(LONG);
      say(
          "leader asked to end: ended after %.2f s, all attached %.1f s later, publishes %d of %d"
              .formatted(
                  drained.toMillis() / 1e3,
                  (System.nanoTime() - since) / 1e9,
                  driver.publishes.get(),
                  MANY));
      var third = start(election);
      Thread.sleep(4000);
      driver.resetCounts();
      load.attach(from + MANY, from + 2 * MANY, NODES);
      await().atMost(LONG).pollInterval(ofMillis(10)).until(() -> driver.publishes.get() > 100);
      second.kill();
      since = System.nanoTime();
      load.took(LONG);
      say(
          "leader killed: all attached %.1f s later, publishes %d of %d"
              .formatted((System.nanoTime() - since) / 1e9, driver.publishes.get(), MANY));
      third.end();
    }
  }

  private void attachAndDetach(String what, AttacherProcess attacher, int first, int count)
      throws Exception {
    driver.resetCounts();
    var patches = load.patches();
    var cpu = attacher.cpuSeconds();
    load.attach(first, first + count, NODES);
    var attach = load.took(LONG);
    say(
        "%s: attached %s; %.2f writes each, CPU %.2f s, in flight at most %d"
            .formatted(
                what,
                attach,
                (double) (load.patches() - patches) / count,
                attacher.cpuSeconds() - cpu,
                driver.inFlightMost.get()));
    driver.resetCounts();
    patches = load.patches();
    cpu = attacher.cpuSeconds();
    load.detach(first, first + count);
    var detach = load.took(LONG);
    say(
        "%s: detached %s; %.2f writes each, CPU %.2f s, in flight at most %d"
            .formatted(
                what,
                detach,
                (double) (load.patches() - patches) / count,
                attacher.cpuSeconds() - cpu,
                driver.inFlightMost.get()));
  }

  private static void quiet(PublishingDriver listing, int lists) {
    var until = listing.lists.get() + lists;
    await().atMost(LONG).until(() -> listing.lists.get() >= until);
  }

  private AttacherProcess started(String... more) throws Exception {
    var attacher = start(more);
    await().atMost(LONG).until(attacher::started);
    return attacher;
  }

  private AttacherProcess start(String... more) throws IOException {
    var log = REPORTS.resolve("attacher-%d-%d.log".formatted(from, attachers.size()));
    var attacher = AttacherProcess.start(log, controlPlane.kubeconfig(), socket, more);
    attachers.add(attacher);
    return attacher;
  }

  private static void say(String line) throws IOException {
    System.out.println(line);
    Files.writeString(
        REPORTS.resolve("attacher.txt"),
        line + System.lineSeparator(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
