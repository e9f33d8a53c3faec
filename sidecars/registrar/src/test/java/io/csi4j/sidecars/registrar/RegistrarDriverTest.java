package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of registrar.md 12 and 14 about the driver. */
class RegistrarDriverTest {
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

  /** Scenario 16; upstream's limit is 30 s, ours is a flag, and none by default. */
  @Test
  void given_no_driver_when_patience_ends_then_the_registrar_does_and_names_the_socket() {
    stage.driver.close();
    try (var registrar = stage.start("--wait-for-driver=100ms", "--timeout=100ms")) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining(stage.driverSocket().toString());
    }
  }

  /** Scenario 17, too slow. */
  @Test
  void given_a_driver_slower_than_the_timeout_when_patience_ends_then_the_call_is_named() {
    stage.identity.nameTakesMillis = 2000;
    try (var registrar = stage.start("--wait-for-driver=200ms", "--timeout=100ms")) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("GetPluginInfo failed: rpc error: code = DeadlineExceeded");
      assertThat(stage.socket()).doesNotExist();
    }
  }

  /** Scenario 17, slow; and upstream would exit where this one asks again. */
  @Test
  void given_a_slow_driver_then_it_is_waited_for() throws Exception {
    stage.identity.nameTakesMillis = 1000;
    try (var _ = stage.start("--timeout=300ms", stage.httpFlag())) {
      await().until(() -> stage.get("/readyz").body().contains("DeadlineExceeded"));

      stage.identity.nameTakesMillis = 10;

      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
    }
  }

  /** Scenario 18. */
  @Test
  void given_a_driver_without_a_name_then_the_registrar_ends() {
    stage.identity.name = "";
    try (var registrar = stage.start()) {
      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(DriverFault.class)
          .hasMessage("driver name is empty");
    }

    stage.identity.nameFailure = Status.UNIMPLEMENTED;
    try (var registrar = stage.start()) {
      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(DriverFault.class)
          .hasMessageContaining("code = Unimplemented");
    }
  }

  /** Scenario 35: nothing is asked of a driver that comes back, and nothing flaps. */
  @Test
  void given_the_driver_restarts_then_the_registrar_keeps_serving() throws Exception {
    try (var registrar = stage.start()) {
      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
      var socket = stage.inode();
      stage.driver.close();
      stage.identity.name = "other.csi4j.io";

      stage.startDriver();

      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
      assertThat(stage.inode()).isEqualTo(socket);
      assertThat(stage.identity.nameCalls).hasValue(1);
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenario 35, the option. */
  @Test
  void given_the_driver_comes_back_as_another_then_it_is_registered_anew() throws Exception {
    try (var _ = stage.start("--reregister-on-change", stage.httpFlag())) {
      stage.accept();
      await().until(() -> stage.get("/readyz").statusCode() == 200);
      stage.driver.close();
      stage.identity.name = "other.csi4j.io";

      stage.startDriver();

      await().until(() -> Files.exists(folder.resolve("other.csi4j.io-reg.sock")));
      await().until(() -> !Files.exists(stage.socket()));
      assertThat(stage.get("/readyz").body()).isEqualTo("kubelet has not asked yet");
    }
  }

  /** Re-registering makes the CSINode entry come and go: only a change is worth it. */
  @Test
  void given_the_driver_comes_back_as_it_was_then_the_socket_stays() throws Exception {
    try (var _ = stage.start("--reregister-on-change")) {
      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
      var socket = stage.inode();
      stage.driver.close();

      stage.startDriver();

      await().until(() -> stage.identity.nameCalls.get() >= 2);
      assertThat(stage.inode()).isEqualTo(socket);
      stage.identity.node = NodeGetInfoResponse.newBuilder().setNodeId("node-b").build();
      stage.driver.close();
      stage.startDriver();
      await().until(() -> !stage.inode().equals(socket));
    }
  }

  @Test
  void given_a_driver_that_is_not_ready_when_that_is_waited_for_then_kubelet_finds_no_socket()
      throws Exception {
    stage.identity.ready = false;
    stage.identity.nodeFailure = Status.INTERNAL.withDescription("no node yet");
    try (var _ = stage.start("--wait-for-ready", stage.httpFlag())) {
      await().until(() -> stage.get("/readyz").body().endsWith("it says that it is not ready"));
      assertThat(stage.socket()).doesNotExist();

      stage.identity.ready = true;
      await().until(() -> stage.get("/readyz").body().endsWith("desc = no node yet"));
      assertThat(stage.socket()).doesNotExist();

      stage.identity.nodeFailure = null;
      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
    }
  }

  /** Scenario 42. */
  @Test
  void given_an_address_with_a_scheme_then_it_is_the_same_socket() throws Exception {
    try (var _ = stage.start("--csi-address=unix://" + stage.driverSocket())) {

      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
    }
  }

  @Test
  void given_a_registered_driver_that_is_gone_then_readiness_says_so() throws Exception {
    try (var _ = stage.start("--timeout=300ms", stage.httpFlag())) {
      stage.accept();
      await().until(() -> stage.get("/readyz").statusCode() == 200);

      stage.identity.ready = false;
      assertThat(stage.get("/readyz").body())
          .isEqualTo("registered, but the driver says that it is not ready");

      stage.driver.close();
      assertThat(stage.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(stage.get("/readyz").body()).startsWith("registered, but the CSI driver's Probe");
      assertThat(stage.get("/healthz").statusCode()).isEqualTo(200);
    }
  }
}
