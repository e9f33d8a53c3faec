package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.csi.SocketFile;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures: the driver's process is killed and started again, fifty times, while the registrar and
 * the livenessprobe are asked without a pause. Needs no cluster.
 */
@Tag("figures")
class DriverKillFigures {
  private static final int KILLS = 50;

  /** The first rounds load classes and grow pools; growth counts from here. */
  private static final int WARM_UP = 5;

  private static final int ASKERS = 4;
  private static final String NAME = "kill.csi4j.io";
  private static final Duration RECOVERY_MAX = ofSeconds(2);
  private static final Path REPORTS = Path.of("target", "e2e");

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final FreshCalls calls = new FreshCalls();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong answers = new AtomicLong();
  private final List<Thread> askers = new ArrayList<>();
  private int port;

  @BeforeEach
  void prepares() throws IOException {
    Files.createDirectories(REPORTS);
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void endsAll() throws InterruptedException {
    over.set(true);
    for (var asker : askers) {
      asker.join();
    }
    calls.close();
    http.close();
  }

  @Test
  void registrar_and_livenessprobe_survive_fifty_kills_of_the_driver() throws Exception {
    var driver = startDriver();
    var node =
        start(
            "node",
            "--csi-address=" + socket(),
            "--kubelet-registration-path=" + socket(),
            "--plugin-registration-path=" + folder,
            "--reregister-on-change",
            "--http-endpoint=127.0.0.1:" + port);
    try {
      await().atMost(ofSeconds(30)).until(() -> Files.exists(registration()));
      accept();
      await().atMost(ofSeconds(30)).until(() -> well("/healthz") && well("/readyz"));
      askWithoutPause();
      var recoveries = new ArrayList<Long>();
      var warm = Footprint.of(node.pid());
      for (var kill = 0; kill < KILLS; kill++) {
        if (kill == WARM_UP) {
          warm = Footprint.of(node.pid());
        }
        driver.destroyForcibly().waitFor();
        await().atMost(ofSeconds(10)).until(() -> !well("/healthz"));
        driver = startDriver();
        recoveries.add(millisToRecover());
        assertThat(node.isAlive()).as("alive after kill %d", kill + 1).isTrue();
      }
      // What the last outage has left waiting ends within a probe's limit.
      Thread.sleep(ofSeconds(5));
      report(recoveries, warm, Footprint.of(node.pid()));
    } finally {
      driver.destroyForcibly().waitFor();
      node.destroy();
      node.waitFor();
    }
    assertThat(node.exitValue()).isZero();
    assertThat(registration()).doesNotExist();
  }

  private void report(List<Long> recoveries, Footprint warm, Footprint end) throws IOException {
    var sorted = recoveries.stream().sorted().toList();
    var text =
        "%d kills of the driver: recovered after its socket was back in median %d ms, longest %d ms%n"
                .formatted(KILLS, sorted.get(KILLS / 2), sorted.getLast())
            + "%d answers meanwhile, no exit%nafter %d kills: %s%nafter %d kills: %s%nload of the machine: %s%n"
                .formatted(
                    answers.get(),
                    WARM_UP,
                    warm,
                    KILLS,
                    end,
                    Files.readString(Path.of("/proc/loadavg")).strip());
    Files.writeString(REPORTS.resolve("driver-kills.txt"), text);
    System.out.print(text);
    assertThat(sorted.getLast()).isLessThan(RECOVERY_MAX.toMillis());
    assertThat(end.threads()).isLessThanOrEqualTo(warm.threads() + 2);
    assertThat(end.descriptors()).isLessThanOrEqualTo(warm.descriptors() + 2L * ASKERS);
  }

  private long millisToRecover() {
    await()
        .atMost(ofSeconds(30))
        .pollDelay(ofMillis(0))
        .pollInterval(ofMillis(2))
        .until(() -> SocketFile.answers(socket()));
    var back = System.nanoTime();
    await()
        .atMost(ofSeconds(30))
        .pollDelay(ofMillis(0))
        .pollInterval(ofMillis(5))
        .until(() -> well("/healthz") && well("/readyz"));
    return (System.nanoTime() - back) / 1_000_000;
  }

  private void askWithoutPause() {
    for (var i = 0; i < ASKERS; i++) {
      var path = i % 2 == 0 ? "/healthz" : "/readyz";
      askers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!over.get()) {
                      well(path);
                      kubeletAsks();
                      answers.addAndGet(2);
                    }
                  }));
    }
  }

  private boolean well(String path) {
    try {
      var uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void kubeletAsks() {
    try {
      var unused =
          calls.call(
              new SocketAddress(registration()),
              channel ->
                  RegistrationGrpc.newBlockingStub(channel)
                      .getInfo(InfoRequest.getDefaultInstance()));
    } catch (StatusRuntimeException _) {
      // The socket is being made anew, or the end has come: the next one counts.
    }
  }

  private void accept() {
    var unused =
        calls.call(
            new SocketAddress(registration()),
            channel ->
                RegistrationGrpc.newBlockingStub(channel)
                    .notifyRegistrationStatus(
                        RegistrationStatus.newBuilder().setPluginRegistered(true).build()));
  }

  private Path socket() {
    return folder.resolve("csi.sock");
  }

  private Path registration() {
    return folder.resolve(NAME + "-reg.sock");
  }

  private Process startDriver() throws IOException {
    return start(
        "driver",
        "local",
        "--endpoint=unix://" + socket(),
        "--nodeid=node-a",
        "--drivername=" + NAME,
        "--statedir=" + folder.resolve("state"));
  }

  private static Process start(String... args) throws IOException {
    var line = new ArrayList<String>();
    line.add(ClusterUnderTest.checkout().resolve("csi4j").toString());
    line.addAll(List.of(args));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(REPORTS.resolve("kills-" + args[0] + ".log").toFile()))
        .start();
  }
}
