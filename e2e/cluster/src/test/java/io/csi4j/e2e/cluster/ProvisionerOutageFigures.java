package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Figures: what a provisioner does while API server, driver or leader are away, on a real API
 * server. After each outage there is one volume and one object for each claim, no intent, and no
 * process has ended. Run by {@code ./mvnw -Pfigures -pl e2e/cluster -am
 * -Dtest=ProvisionerOutageFigures verify}; it starts a control plane of its own.
 */
@Tag("figures")
@WithControlPlane(name = ProvisionerOutageFigures.CLUSTER, flags = "--raised-limits")
class ProvisionerOutageFigures {
  static final String CLUSTER = "outage";

  private static final int CLAIMS = 500;
  private static final int MIDDLE = 150;
  private static final Path REPORTS = Path.of("target", "e2e");

  private Path socket;
  private LoadCluster cluster;
  private InstantDriver driver;
  private long begun;

  @BeforeEach
  void starts(ControlPlane controlPlane) throws Exception {
    Files.createDirectories(REPORTS);
    assertThat(controlPlane.kubeconfig()).exists();
    socket = Files.createTempDirectory("csi4j").resolve("csi.sock");
    cluster = new LoadCluster(CLUSTER);
    driver = InstantDriver.start(socket);
  }

  @AfterEach
  void ends() {
    driver.close();
    cluster.close();
  }

  @Test
  void api_server_dead_for_a_minute(ControlPlane controlPlane) throws Exception {
    try (var sidecar = start("api-dead")) {
      untilTheMiddle("dead");
      controlPlane.killApiServer();
      TimeUnit.SECONDS.sleep(60);
      assertThat(sidecar.alive()).isTrue();
      controlPlane.bringBack();
      begun = System.nanoTime();
      allWell("API server killed, back after 60 s", sidecar);
    }
    deletes("dead");
  }

  @Test
  void api_server_silent_for_a_minute(ControlPlane controlPlane) throws Exception {
    try (var sidecar = start("api-silent")) {
      untilTheMiddle("silent");
      controlPlane.pauseApiServer();
      TimeUnit.SECONDS.sleep(60);
      controlPlane.resumeApiServer();
      controlPlane.bringBack();
      begun = System.nanoTime();
      allWell("API server stopped, goes on after 60 s", sidecar);
    }
    deletes("silent");
  }

  @Test
  void driver_dead_for_ten_seconds() throws Exception {
    try (var sidecar = start("driver-dead")) {
      untilTheMiddle("driver");
      driver.diesFor(ofSeconds(10));
      begun = System.nanoTime();
      allWell("driver killed, back after 10 s", sidecar);
    }
    deletes("driver");
  }

  @Test
  void leader_stopped_and_killed() throws Exception {
    try (var first = elected("first")) {
      await().atMost(ofMinutes(3)).until(() -> first.says("started"));
      try (var second = elected("second")) {
        TimeUnit.SECONDS.sleep(3);
        untilTheMiddle("stop");
        first.terminate();
        followed("leader stopped (SIGTERM)", second, CLAIMS);
        assertThat(first.exitCode()).isZero();
        try (var third = elected("third")) {
          TimeUnit.SECONDS.sleep(3);
          untilTheMiddle("kill");
          second.kill();
          followed("leader killed (SIGKILL)", third, 2 * CLAIMS);
          assertThat(third.alive()).isTrue();
        }
      }
    }
    deletes("lead");
  }

  /** The other's first volume; there are claims left for it. */
  private void followed(String what, Sidecar next, int claims) throws Exception {
    begun = System.nanoTime();
    await()
        .atMost(ofMinutes(2))
        .pollInterval(ofMillis(5))
        .until(() -> next.says("provisioned") || next.says("asking the driver again"));
    var first = secondsSince();
    settled(claims);
    System.out.printf(
        "%s: the other's first call within %.2f s, all %d bound after %.2f s; CreateVolume %d,"
            + " DeleteVolume %d, volumes %d; load %s",
        what,
        first,
        claims,
        secondsSince(),
        driver.creates.get(),
        driver.deletes.get(),
        driver.volumes().size(),
        load());
  }

  private void untilTheMiddle(String name) throws Exception {
    var middle = driver.creates.get() + MIDDLE;
    create(name, 0, CLAIMS);
    await()
        .atMost(ofMinutes(2))
        .pollInterval(ofMillis(5))
        .until(() -> driver.creates.get() >= middle);
  }

  private void allWell(String what, Sidecar sidecar) throws Exception {
    var before = driver.creates.get();
    await()
        .atMost(ofMinutes(5))
        .pollInterval(ofMillis(10))
        .ignoreExceptions()
        .until(() -> driver.creates.get() > before || cluster.bound() == CLAIMS);
    var first = secondsSince();
    settled(CLAIMS);
    assertThat(sidecar.alive()).isTrue();
    System.out.printf(
        "%s: next volume after %.2f s, all %d bound after %.2f s; CreateVolume %d, DeleteVolume %d,"
            + " volumes %d; load %s",
        what,
        first,
        CLAIMS,
        secondsSince(),
        driver.creates.get(),
        driver.deletes.get(),
        driver.volumes().size(),
        load());
  }

  /** Nothing leaked, nothing doubled, nothing left to do. */
  private void settled(int claims) {
    await()
        .atMost(ofMinutes(5))
        .pollInterval(ofMillis(100))
        .ignoreExceptions()
        .until(() -> cluster.bound() == claims);
    await()
        .atMost(ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(cluster.volumes()).hasSize(claims).isEqualTo(driver.volumes());
              assertThat(cluster.intents()).isEmpty();
            });
  }

  private void create(String name, int from, int to) throws Exception {
    LoadCluster.forEach(
        IntStream.range(from, to).mapToObj(i -> name + "-" + i).toList(),
        claim -> cluster.client.resource(LoadCluster.claim(claim, false)).create());
  }

  /** So that the next outage begins with an empty cluster. */
  private void deletes(String name) throws Exception {
    try (var sidecar = start(name + "-after")) {
      cluster.client.persistentVolumeClaims().inNamespace(LoadCluster.NAMESPACE).delete();
      await()
          .atMost(ofMinutes(3))
          .ignoreExceptions()
          .until(() -> cluster.volumes().isEmpty() && driver.volumes().isEmpty());
      assertThat(sidecar.alive()).isTrue();
    }
  }

  private Sidecar start(String name) throws Exception {
    var sidecar =
        Sidecar.start(
            log(name),
            "provisioner",
            "--csi-address=" + socket,
            "--kubeconfig=" + cluster.kubeconfig());
    await().atMost(ofMinutes(3)).until(() -> sidecar.says("started"));
    return sidecar;
  }

  private Sidecar elected(String name) throws Exception {
    return Sidecar.startOn(
        name,
        log(name),
        "provisioner",
        "--csi-address=" + socket,
        "--kubeconfig=" + cluster.kubeconfig(),
        "--leader-election",
        "--leader-election-namespace=" + LoadCluster.NAMESPACE);
  }

  private static Path log(String name) throws Exception {
    var log = REPORTS.resolve("outage-%s.log".formatted(name));
    Files.deleteIfExists(log);
    return log;
  }

  private double secondsSince() {
    return Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3;
  }

  private static String load() throws Exception {
    return Files.readString(Path.of("/proc/loadavg"));
  }
}
