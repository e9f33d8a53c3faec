package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of registrar.md 12, with this test as kubelet on the real socket. */
class RegistrarTest {
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

  @Test
  void given_a_driver_when_kubelet_asks_then_it_learns_name_and_endpoint() throws Exception {
    try (var registrar = stage.start()) {
      var kubelet = stage.connect();

      var info =
          RegistrationGrpc.newBlockingStub(kubelet).getInfo(InfoRequest.getDefaultInstance());

      assertThat(info)
          .isEqualTo(
              PluginInfo.newBuilder()
                  .setType("CSIPlugin")
                  .setName("test.csi4j.io")
                  .setEndpoint("/var/lib/kubelet/plugins/test/csi.sock")
                  .addSupportedVersions("1.0.0")
                  .build());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stage.socket())))
          .isEqualTo("rwx------");
      assertThat(registrar.ended()).isFalse();
      kubelet.shutdownNow();
    }
  }

  @Test
  void given_kubelet_has_registered_the_driver_then_the_registrar_goes_on() throws Exception {
    try (var registrar = stage.start()) {
      var kubelet = stage.connect();

      RegistrationGrpc.newBlockingStub(kubelet)
          .notifyRegistrationStatus(
              RegistrationStatus.newBuilder().setPluginRegistered(true).build());

      assertThat(registrar.ended()).isFalse();
      kubelet.shutdownNow();
    }
  }

  /** Scenarios 5 and 40: a new socket is what makes kubelet try again. */
  @Test
  void given_kubelet_refuses_the_driver_then_a_new_socket_is_made_and_it_may_try_again()
      throws Exception {
    try (var registrar = stage.start(stage.httpFlag())) {
      var kubelet = stage.connect();
      var first = stage.inode();

      RegistrationGrpc.newBlockingStub(kubelet)
          .notifyRegistrationStatus(
              RegistrationStatus.newBuilder().setError("version is too old").build());
      kubelet.shutdownNow();
      assertThat(stage.get("/readyz").body())
          .contains("kubelet refused the driver: version is too old");

      await().until(() -> Files.exists(stage.socket()) && !stage.inode().equals(first));
      var again = stage.connect();
      RegistrationGrpc.newBlockingStub(again)
          .notifyRegistrationStatus(
              RegistrationStatus.newBuilder().setPluginRegistered(true).build());
      again.shutdownNow();
      await().until(() -> stage.get("/readyz").statusCode() == 200);
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenario 39. */
  @Test
  void given_the_socket_vanishes_then_it_is_made_anew() throws Exception {
    try (var registrar = stage.start(stage.httpFlag())) {
      await().until(() -> Files.exists(stage.socket()));

      Files.delete(stage.socket());
      assertThat(stage.get("/healthz").statusCode()).isEqualTo(404);

      await().until(() -> stage.get("/healthz").statusCode() == 200);
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenarios 37 and 38. */
  @Test
  void given_two_registrars_on_one_path_then_the_older_one_leaves_the_newer_ones_socket_alone()
      throws Throwable {
    try (var older = stage.start()) {
      await().until(() -> Files.exists(stage.socket()));
      var first = stage.inode();
      try (var newer = stage.start()) {
        await().until(() -> !stage.inode().equals(first));
        var second = stage.inode();

        older.askToEnd();
        older.awaitEnd();

        assertThat(stage.inode()).isEqualTo(second);
        assertThat(newer.ended()).isFalse();
      }
    }
  }

  /** Scenarios 28 to 31. */
  @Test
  void given_what_is_at_the_path_then_health_says_so() throws Exception {
    try (var registrar = stage.start(stage.httpFlag())) {
      await().until(() -> Files.exists(stage.socket()));
      assertThat(stage.get("/healthz").body()).isEqualTo("ok");

      Files.delete(stage.socket());
      Files.writeString(stage.socket(), "a file");
      assertThat(stage.get("/healthz").statusCode()).isEqualTo(500);

      Files.delete(stage.socket());
      var story =
          new RegistrationStory(stage.time, new RegistrarMetrics(new Metrics(stage.time.now())));
      try (var _ =
          EpollServer.start(stage.socket(), new RegistrationService("other", "/other", story))) {
        var reply = stage.get("/healthz");
        assertThat(reply.statusCode()).isEqualTo(500);
        assertThat(reply.body()).isEqualTo("invalid driver name other");
      }
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenario 15, and the first item of readiness: it says what it waits for. */
  @Test
  void given_no_driver_yet_then_readiness_says_so_and_the_registrar_waits() throws Exception {
    stage.driver.close();
    try (var registrar = stage.start(stage.httpFlag())) {
      await().until(() -> stage.get("/readyz").statusCode() == 503);
      assertThat(stage.get("/readyz").body()).startsWith("waiting for the CSI driver at unix://");

      stage.startDriver();

      await().until(() -> Files.exists(stage.socket()));
      await()
          .untilAsserted(
              () -> assertThat(stage.get("/readyz").body()).contains("kubelet has not asked yet"));
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenarios 8 to 10. */
  @Test
  void given_the_old_probe_mode_then_it_ends_at_once_and_touches_nothing() throws Throwable {
    try (var registrar = stage.start("--mode=kubelet-registration-probe")) {
      registrar.awaitEnd();
      assertThat(stage.socket()).doesNotExist();
    }
    try (var registrar = stage.start("--mode=other")) {
      await().until(() -> Files.exists(stage.socket()));
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenario 11. */
  @Test
  void given_two_flags_for_the_port_then_it_does_not_start() {
    assertThatThrownBy(() -> stage.start("--health-port=1", "--http-endpoint=:2"))
        .isInstanceOf(Fatal.class);
  }

  /** Scenario 27: a killed registrar leaves its hidden socket, too, if it was killed early. */
  @Test
  void given_leftovers_of_a_killed_registrar_then_they_are_removed() throws Exception {
    Files.writeString(folder.resolve(RegistrationSocket.hiddenPrefix(stage.socket()) + "beef"), "");
    try (var registrar = stage.start()) {
      await().until(() -> Files.exists(stage.socket()));

      assertThat(folder.toFile().list())
          .containsExactlyInAnyOrder("csi.sock", stage.socket().getFileName().toString());
      assertThat(registrar.ended()).isFalse();
    }
  }

  @Test
  void given_an_orderly_end_then_the_socket_is_gone() throws Throwable {
    try (var registrar = stage.start()) {
      registrar.askToEnd();
      registrar.awaitEnd();

      assertThat(stage.socket()).doesNotExist();
      assertThat(folder.toFile().list()).containsExactly("csi.sock");
    }
  }

  @Test
  void given_a_stale_socket_when_started_then_it_is_replaced() throws Exception {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stage.socket()));
    }
    var inode = Files.getAttribute(stage.socket(), "unix:ino");
    try (var registrar = stage.start()) {
      await().until(() -> !Files.getAttribute(stage.socket(), "unix:ino").equals(inode));
      var kubelet = stage.connect();

      assertThat(
              RegistrationGrpc.newBlockingStub(kubelet)
                  .getInfo(InfoRequest.getDefaultInstance())
                  .getName())
          .isEqualTo("test.csi4j.io");
      assertThat(registrar.ended()).isFalse();
      kubelet.shutdownNow();
    }
  }

  @Test
  void given_a_file_that_is_no_socket_when_started_then_it_is_left_alone() throws Exception {
    Files.writeString(stage.socket(), "precious");
    try (var registrar = stage.start()) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("not a socket");
      assertThat(stage.socket()).hasContent("precious");
    }
  }

  @Test
  void given_no_registration_path_then_the_flag_is_named() {
    assertThatThrownBy(() -> Registrar.of(Flags.parse(List.of()), stage.time))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("--kubelet-registration-path=: must be given");
  }
}
