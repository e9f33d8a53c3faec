package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
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
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures: from exec until kubelet, played by this test with a real gRPC client, has registered the
 * driver, and until the livenessprobe says that the driver is well. Needs no cluster.
 */
@Tag("figures")
class NodePartsStartFigures {
  private static final int RUNS = 7;
  private static final int RESTING_PROBES = 15;
  private static final long PROBE_MILLIS = 2000;
  private static final Path REPORTS = Path.of("target", "e2e");

  @TempDir Path folder;

  @Test
  void registrar_and_livenessprobe_from_start() throws Exception {
    Files.createDirectories(REPORTS);
    var socket = folder.resolve("csi.sock");
    var port = freePort();
    try (var _ = EpollServer.start(socket, new QuickDriver());
        var calls = new FreshCalls();
        var http = HttpClient.newHttpClient()) {
      var registration = folder.resolve("quick.csi4j.io-reg.sock");
      var registrar =
          medianMillis(
              () -> registered(calls, registration),
              "registrar",
              "--csi-address=" + socket,
              "--kubelet-registration-path=" + socket,
              "--plugin-registration-path=" + folder);
      var health = URI.create("http://127.0.0.1:%d/healthz".formatted(port));
      var liveness =
          medianMillis(
              () -> healthy(http, health),
              "livenessprobe",
              "--csi-address=" + socket,
              "--http-endpoint=127.0.0.1:" + port);
      var text =
          "registrar, exec to registered: %s%nlivenessprobe, exec to healthy: %s%nload of the machine: %s%n"
              .formatted(registrar, liveness, Files.readString(Path.of("/proc/loadavg")).strip());
      Files.writeString(REPORTS.resolve("node-parts-start.txt"), text);
      System.out.print(text);
    }
  }

  /** Registered, healthy, and asked for its health every other second, as kubelet does. */
  @Test
  void both_in_one_process_at_rest() throws Exception {
    Files.createDirectories(REPORTS);
    var socket = folder.resolve("csi.sock");
    var registration = folder.resolve("quick.csi4j.io-reg.sock");
    try (var _ = EpollServer.start(socket, new QuickDriver());
        var calls = new FreshCalls();
        var http = HttpClient.newHttpClient()) {
      var csi = "--csi-address=" + socket;
      var endpoint = "--kubelet-registration-path=" + socket;
      var registry = "--plugin-registration-path=" + folder;
      Function<String, Callable<Boolean>> wellAt =
          port -> () -> healthy(http, URI.create("http://127.0.0.1:%s/healthz".formatted(port)));
      var port = Integer.toString(freePort());
      var both =
          atRest(
              () -> registered(calls, registration),
              wellAt.apply(port),
              "node",
              csi,
              endpoint,
              registry,
              "--http-endpoint=127.0.0.1:" + port);
      var ofRegistrar = Integer.toString(freePort());
      var registrar =
          atRest(
              () -> registered(calls, registration),
              wellAt.apply(ofRegistrar),
              "registrar",
              csi,
              endpoint,
              registry,
              "--http-endpoint=127.0.0.1:" + ofRegistrar);
      var ofProbe = Integer.toString(freePort());
      var liveness =
          atRest(
              () -> true,
              wellAt.apply(ofProbe),
              "livenessprobe",
              csi,
              "--http-endpoint=127.0.0.1:" + ofProbe);
      var text =
          "at rest, registrar and livenessprobe in one JVM (csi4j node): %s%nregistrar alone: %s%nlivenessprobe alone: %s%n"
              .formatted(both, registrar, liveness);
      Files.writeString(REPORTS.resolve("node-parts-rest.txt"), text);
      System.out.print(text);
    }
  }

  private static Footprint atRest(
      Callable<Boolean> registered, Callable<Boolean> healthy, String... args) throws Exception {
    var process = start(args);
    try {
      await().atMost(ofSeconds(30)).until(registered);
      await().atMost(ofSeconds(30)).until(healthy);
      for (var i = 0; i < RESTING_PROBES; i++) {
        Thread.sleep(PROBE_MILLIS);
        healthy.call();
      }
      return Footprint.of(process.pid());
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static Process start(String... args) throws IOException {
    var line = new ArrayList<String>();
    line.add(ClusterUnderTest.checkout().resolve("csi4j").toString());
    line.addAll(List.of(args));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(REPORTS.resolve("figures-" + args[0] + ".log").toFile())
        .start();
  }

  private static String medianMillis(Callable<Boolean> ready, String... args) throws Exception {
    var millis = new ArrayList<Long>();
    for (var run = 0; run < RUNS; run++) {
      var started = System.nanoTime();
      var process = start(args);
      try {
        await().atMost(ofSeconds(30)).pollDelay(ofMillis(0)).pollInterval(ofMillis(5)).until(ready);
        millis.add((System.nanoTime() - started) / 1_000_000);
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
    return "median %d ms of %s".formatted(millis.stream().sorted().toList().get(RUNS / 2), millis);
  }

  private static boolean registered(FreshCalls calls, Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    try {
      return calls.call(
          new SocketAddress(socket),
          channel -> {
            var kubelet = RegistrationGrpc.newBlockingStub(channel);
            var info = kubelet.getInfo(InfoRequest.getDefaultInstance());
            var unused =
                kubelet.notifyRegistrationStatus(
                    RegistrationStatus.newBuilder().setPluginRegistered(true).build());
            return info.getName().equals("quick.csi4j.io");
          });
    } catch (StatusRuntimeException _) {
      return false;
    }
  }

  private static boolean healthy(HttpClient http, URI health) throws InterruptedException {
    try {
      return http.send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString()).statusCode()
          == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static final class QuickDriver extends IdentityGrpc.IdentityImplBase {
    @Override
    public void getPluginInfo(
        GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
      reply.onNext(GetPluginInfoResponse.newBuilder().setName("quick.csi4j.io").build());
      reply.onCompleted();
    }

    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> reply) {
      reply.onNext(ProbeResponse.getDefaultInstance());
      reply.onCompleted();
    }
  }
}
