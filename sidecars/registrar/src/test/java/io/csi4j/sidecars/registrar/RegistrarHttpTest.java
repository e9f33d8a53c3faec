package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of registrar.md 12 and 14 about what is answered over HTTP. */
class RegistrarHttpTest {
  @TempDir Path folder;

  private RegistrarStage stage;

  @BeforeEach
  void setsTheStage() throws IOException {
    stage = new RegistrarStage(folder);
  }

  @AfterEach
  void clearsTheStage() {
    stage.close();
  }

  /** Scenario 12. */
  @Test
  void given_the_old_port_flag_then_health_is_served() throws Exception {
    try (var _ = stage.start("--health-port=" + stage.port())) {
      stage.info();

      assertThat(stage.get("/healthz").body()).isEqualTo("ok");
    }
  }

  /** Scenario 32. */
  @Test
  void given_a_dead_socket_at_the_path_then_500() throws Exception {
    try (var _ = stage.start(stage.httpFlag())) {
      stage.info();
      // Just now it was ours, and in two seconds it will be again.
      await()
          .until(
              () -> {
                leaveDeadSocket();
                var reply = stage.get("/healthz");
                return reply.statusCode() == 500
                    && reply.body().startsWith("error connecting to node-registrar socket");
              });
    }
  }

  /** Scenario 33. */
  @Test
  void given_a_server_that_hangs_then_500_when_the_limit_has_passed() throws Exception {
    try (var _ = stage.start(stage.httpFlag(), "--timeout=300ms")) {
      stage.info();
      Files.delete(stage.socket());
      try (var _ = EpollServer.start(stage.socket(), new HangingRegistration())) {
        var reply = stage.get("/healthz");

        assertThat(reply.statusCode()).isEqualTo(500);
        assertThat(reply.body())
            .isEqualTo(
                "error getting info from node-registrar socket: rpc error: code ="
                    + " DeadlineExceeded desc = context deadline exceeded");
      }
    }
  }

  /** Scenario 34. */
  @Test
  void given_a_thousand_health_checks_then_nothing_is_left_open() throws Exception {
    try (var _ = stage.start(stage.httpFlag())) {
      stage.info();
      for (var i = 0; i < 50; i++) {
        assertThat(stage.get("/healthz").statusCode()).isEqualTo(200);
      }
      var descriptors = openDescriptors();
      var threads = Thread.getAllStackTraces().size();

      for (var i = 0; i < 1000; i++) {
        assertThat(stage.get("/healthz").statusCode()).isEqualTo(200);
      }

      await().until(() -> openDescriptors() <= descriptors + 4);
      assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo(threads + 2);
    }
  }

  /** Scenario 36. */
  @Test
  void given_kubelet_restarts_then_it_is_answered_again() throws Exception {
    try (var _ = stage.start(stage.httpFlag())) {
      for (var life = 0; life < 3; life++) {
        assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
        stage.accept();
      }

      assertThat(stage.get("/metrics").body())
          .contains("csi4j_registrar_registrations_total{result=\"accepted\"} 3");
    }
  }

  /** Scenario 45. */
  @Test
  void given_a_port_in_use_then_it_ends_with_the_address() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var registrar = stage.start("--http-endpoint=127.0.0.1:" + taken.getLocalPort())) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
      assertThat(stage.socket()).doesNotExist();
    }
  }

  /** Its own question is no sign of kubelet: a wrong host path would look well for ever. */
  @Test
  void given_health_checks_only_then_kubelet_counts_as_silent() throws Exception {
    try (var _ = stage.start(stage.httpFlag())) {
      await().until(() -> stage.get("/healthz").statusCode() == 200);

      assertThat(stage.get("/readyz").body()).isEqualTo("kubelet has not asked yet");
      assertThat(stage.get("/metrics").body())
          .contains("csi4j_registrar_last_get_info_timestamp_seconds 0.0")
          .contains("csi4j_registrar_self_check_seconds_count{status=\"200\"}");

      stage.info();
      assertThat(stage.get("/readyz").body()).isEqualTo("kubelet has asked and not yet answered");
    }
  }

  /** A container must not be killed for want of a socket while a refusal's pause lasts. */
  @Test
  void given_a_refusal_then_the_socket_in_place_answers_until_the_next_one_does() throws Exception {
    try (var _ = stage.start(stage.httpFlag())) {
      stage.info();
      var first = stage.inode();
      stage.refuse("boom");

      while (stage.inode().equals(first)) {
        assertThat(stage.get("/healthz").statusCode()).isEqualTo(200);
      }

      assertThat(stage.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(stage.get("/readyz").body()).isEqualTo("kubelet refused the driver: boom");
    }
  }

  private void leaveDeadSocket() throws IOException {
    Files.deleteIfExists(stage.socket());
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stage.socket()));
    }
  }

  private static long openDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }

  private static final class HangingRegistration extends RegistrationGrpc.RegistrationImplBase {
    @Override
    public void getInfo(InfoRequest request, StreamObserver<PluginInfo> reply) {
      // Never answers.
    }
  }
}
