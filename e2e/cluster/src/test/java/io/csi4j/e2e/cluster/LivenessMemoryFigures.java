package io.csi4j.e2e.cluster;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures: common.md A6 19, the livenessprobe asked 10,000 times, one connection to the driver
 * each, against the local driver as a process. Needs no cluster.
 */
@Tag("figures")
class LivenessMemoryFigures {
  private static final int WARM_UP = 2_000;
  private static final int QUESTIONS = 10_000;

  /** What a heap that has not been collected yet may add; a leak of 10,000 connections is more. */
  private static final long GROWTH_KIB_MAX = 16 * 1024;

  private static final Path REPORTS = Path.of("target", "e2e");

  @TempDir Path folder;

  @Test
  void livenessprobe_after_ten_thousand_questions() throws Exception {
    Files.createDirectories(REPORTS);
    var socket = folder.resolve("csi.sock");
    var port = freePort();
    var driver =
        start(
            "driver",
            "local",
            "--endpoint=unix://" + socket,
            "--nodeid=node-a",
            "--statedir=" + folder.resolve("state"));
    var probe =
        start("livenessprobe", "--csi-address=" + socket, "--http-endpoint=127.0.0.1:" + port);
    try (var http = HttpClient.newHttpClient()) {
      var health = URI.create("http://127.0.0.1:%d/healthz".formatted(port));
      await().atMost(ofSeconds(60)).ignoreExceptions().until(() -> status(http, health) == 200);
      ask(http, health, WARM_UP);
      var warm = Footprint.of(probe.pid());
      ask(http, health, QUESTIONS);
      var end = Footprint.of(probe.pid());
      var text =
          "livenessprobe after %d questions: %s%nafter %d more: %s%n"
              .formatted(WARM_UP, warm, QUESTIONS, end);
      Files.writeString(REPORTS.resolve("livenessprobe-memory.txt"), text);
      System.out.print(text);
      assertThat(end.rssKib()).isLessThan(warm.rssKib() + GROWTH_KIB_MAX);
      assertThat(end.threads()).isLessThanOrEqualTo(warm.threads() + 2);
      assertThat(end.descriptors()).isLessThanOrEqualTo(warm.descriptors() + 4);
    } finally {
      probe.destroy();
      probe.waitFor();
      driver.destroy();
      driver.waitFor();
    }
  }

  private static void ask(HttpClient http, URI health, int times) throws Exception {
    for (var i = 0; i < times; i++) {
      assertThat(status(http, health)).isEqualTo(200);
    }
  }

  private static int status(HttpClient http, URI health) throws Exception {
    return http.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private static int freePort() throws IOException {
    try (var free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static Process start(String... args) throws IOException {
    var line = new ArrayList<String>();
    line.add(ClusterUnderTest.checkout().resolve("csi4j").toString());
    line.addAll(List.of(args));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(REPORTS.resolve("memory-" + args[0] + ".log").toFile())
        .start();
  }
}
