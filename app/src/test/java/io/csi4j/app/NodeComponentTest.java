package io.csi4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.csi.SocketFile;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's parts in one process, with this test as kubelet and prober. */
class NodeComponentTest {
  @TempDir Path folder;

  private final SystemTime time = new SystemTime();
  private final HttpClient http = HttpClient.newHttpClient();
  private final FreshCalls calls = new FreshCalls();
  private int port;

  @BeforeEach
  void choosesAPort() throws IOException {
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void endsAll() {
    calls.close();
    http.close();
    time.close();
  }

  @Test
  void given_a_driver_elsewhere_then_one_port_tells_health_readiness_and_metrics()
      throws Exception {
    try (var _ = EpollServer.start(driverSocket(), new QuietDriver("test.csi4j.io"));
        var node = start("--csi-address=" + driverSocket())) {
      assertThat(info("test.csi4j.io").getEndpoint()).isEqualTo("/kubelet/csi.sock");
      await().until(() -> get("/healthz").body().equals("ok"));
      assertThat(get("/readyz").body()).isEqualTo("kubelet has asked and not yet answered");

      accept("test.csi4j.io");

      await().until(() -> get("/readyz").body().equals("registered"));
      assertThat(get("/healthz/registrar").body()).isEqualTo("ok");
      assertThat(get("/livez").body()).isEqualTo("ok");
      assertThat(get("/metrics").body())
          .contains("csi_sidecar_operations_seconds_count{driver_name=\"test.csi4j.io\"")
          .contains("csi4j_registrar_registered 1.0");
      assertThat(node.ended()).isFalse();
    }
    assertThat(registration("test.csi4j.io")).doesNotExist();
  }

  @Test
  void given_no_driver_yet_then_all_parts_wait_and_say_so() throws Exception {
    try (var node = start("--csi-address=" + driverSocket())) {
      await().until(() -> get("/healthz").statusCode() == 500);
      assertThat(get("/healthz").body()).isEqualTo("not connected to the CSI driver yet");
      assertThat(get("/readyz").body()).startsWith("waiting for the CSI driver at unix://");
      assertThat(get("/healthz/registrar").statusCode()).isEqualTo(503);

      try (var _ = EpollServer.start(driverSocket(), new QuietDriver("test.csi4j.io"))) {
        await().until(() -> get("/healthz").statusCode() == 200);
        await().until(() -> Files.exists(registration("test.csi4j.io")));
      }
      assertThat(node.ended()).isFalse();
    }
  }

  @Test
  void given_a_driver_inside_then_kubelet_finds_it_and_both_sockets_go_with_it() throws Exception {
    try (var _ =
        start(
            "--driver=local",
            "--endpoint=unix://" + driverSocket(),
            "--nodeid=node-a",
            "--drivername=inside.csi4j.io",
            "--statedir=" + folder.resolve("state"))) {

      assertThat(info("inside.csi4j.io").getName()).isEqualTo("inside.csi4j.io");
      assertThat(SocketFile.answers(driverSocket())).isTrue();
      // Where there are no loop devices the driver says so; that it was asked is what counts here.
      await().until(() -> !get("/healthz").body().contains("not connected"));
      await()
          .until(
              () ->
                  get("/metrics")
                      .body()
                      .contains(
                          "csi_plugin_operations_seconds_count{driver_name=\"inside.csi4j.io\","
                              + "grpc_status_code=\"OK\",method_name=\"/csi.v1.Identity/GetPluginInfo\"}"));
    }
    assertThat(registration("inside.csi4j.io")).doesNotExist();
    assertThat(driverSocket()).doesNotExist();
  }

  @Test
  void given_a_part_that_fails_then_all_end_with_its_reason() throws Exception {
    Files.writeString(registration("test.csi4j.io"), "precious");
    try (var _ = EpollServer.start(driverSocket(), new QuietDriver("test.csi4j.io"));
        var node = start("--csi-address=" + driverSocket())) {

      assertThatThrownBy(node::awaitEnd)
          .hasRootCauseInstanceOf(Fatal.class)
          .hasMessageContaining("it's not a socket");
    }
  }

  private Path driverSocket() {
    return folder.resolve("csi.sock");
  }

  private Path registration(String name) {
    return folder.resolve(name + "-reg.sock");
  }

  private Running start(String... more) {
    var args =
        new ArrayList<>(
            List.of(
                "--kubelet-registration-path=/kubelet/csi.sock",
                "--plugin-registration-path=" + folder,
                "--timeout=10s",
                "--http-endpoint=127.0.0.1:" + port));
    args.addAll(List.of(more));
    return new Running(NodeComponent.of(Flags.parse(args), time));
  }

  private PluginInfo info(String name) {
    await()
        .atMost(Duration.ofMinutes(1)) // a driver inside may take long on a busy machine
        .until(() -> Files.exists(registration(name)));
    return calls.call(
        new SocketAddress(registration(name)),
        channel ->
            RegistrationGrpc.newBlockingStub(channel).getInfo(InfoRequest.getDefaultInstance()));
  }

  private void accept(String name) {
    var unused =
        calls.call(
            new SocketAddress(registration(name)),
            channel ->
                RegistrationGrpc.newBlockingStub(channel)
                    .notifyRegistrationStatus(
                        RegistrationStatus.newBuilder().setPluginRegistered(true).build()));
  }

  private HttpResponse<String> get(String path) throws Exception {
    try {
      return send(path);
    } catch (ConnectException _) {
      // Not listening yet.
      await().ignoreExceptionsInstanceOf(ConnectException.class).until(() -> send(path) != null);
      return send(path);
    }
  }

  private HttpResponse<String> send(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
        BodyHandlers.ofString());
  }

  /** A component on a thread of its own. */
  private static final class Running implements AutoCloseable {
    private final Component component;
    private final CompletableFuture<Void> end;

    Running(Component component) {
      this.component = component;
      this.end =
          CompletableFuture.runAsync(
              () -> {
                try {
                  component.run();
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              },
              command -> Thread.ofVirtual().start(command));
    }

    boolean ended() {
      return end.isDone();
    }

    void awaitEnd() throws Exception {
      end.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      component.close();
      await().until(end::isDone);
    }
  }
}
