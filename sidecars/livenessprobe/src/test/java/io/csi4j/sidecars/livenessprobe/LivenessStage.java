package io.csi4j.sidecars.livenessprobe;

import static org.awaitility.Awaitility.await;

import io.csi4j.sidecars.kit.component.RunningComponent;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A driver, and probes that look at it. */
class LivenessStage {
  @TempDir Path folder;

  final SystemTime time = new SystemTime();
  final HttpClient http = HttpClient.newHttpClient();
  final ScriptedIdentity identity = new ScriptedIdentity();
  final List<Running> running = new ArrayList<>();
  EpollServer driver;

  @BeforeEach
  void startsADriver() throws IOException {
    driver = EpollServer.start(socket(), identity);
  }

  @AfterEach
  void endsAll() {
    running.forEach(Running::close);
    driver.close();
    http.close();
    time.close();
  }

  Path socket() {
    return folder.resolve("csi.sock");
  }

  /** A probe that has met the driver. */
  Running start(String... more) throws Exception {
    var flags = new ArrayList<>(List.of(more));
    flags.add("--http-endpoint=127.0.0.1:0");
    var probe = new Running(flags.toArray(String[]::new));
    await().until(() -> !probe.get("/healthz").body().contains("not connected"));
    // The question that found the probe ready does not count.
    identity.forget();
    return probe;
  }

  LivenessListening options(String... args) {
    return LivenessListening.from(Flags.parse(List.of(args)));
  }

  HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
        BodyHandlers.ofString());
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static long openDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }

  static long socketsOf(Path path) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/net/unix"))) {
      return lines.filter(line -> line.endsWith(path.toString())).count();
    }
  }

  /** A probe, and who asks it. */
  final class Running implements AutoCloseable {
    private final LivenessProbe probe;
    private final RunningComponent component;

    Running(String... args) {
      var flags = new ArrayList<>(List.of(args));
      flags.add("--csi-address=" + socket());
      probe = (LivenessProbe) LivenessProbe.of(Flags.parse(flags), time);
      component = RunningComponent.start(probe);
      running.add(this);
    }

    int port() throws InterruptedException {
      return probe.awaitAddress().getPort();
    }

    HttpRequest request(String path) throws InterruptedException {
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port(), path)))
          .build();
    }

    HttpResponse<String> get(String path) throws Exception {
      return http.send(request(path), BodyHandlers.ofString());
    }

    boolean ended() {
      return component.ended();
    }

    /** Throws what the probe threw. */
    void awaitEnd() throws Throwable {
      component.awaitEnd();
    }

    @Override
    public void close() {
      component.close();
    }
  }
}
