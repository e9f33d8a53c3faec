package io.csi4j.sidecars.livenessprobe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scenarios of common A6: where a probe listens, and what its flags mean. */
class LivenessListeningTest extends LivenessStage {
  /** A6 8; unlike upstream the port is open meanwhile and says why. */
  @Test
  void given_no_driver_at_start_then_the_probe_lives_and_waits() throws Exception {
    driver.close();
    var probe = new Running("--http-endpoint=127.0.0.1:0");

    var reply = probe.get("/healthz");
    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).isEqualTo("not connected to the CSI driver yet");
    driver = EpollServer.start(socket(), identity);

    await().until(() -> probe.get("/healthz").statusCode() == 200);
    assertThat(probe.ended()).isFalse();
  }

  /** A6 11 and 13. */
  @Test
  void given_two_flags_for_one_thing_then_the_probe_does_not_start() {
    assertThatThrownBy(() -> options("--health-port=9999", "--http-endpoint=:1"))
        .isInstanceOf(Fatal.class);
    assertThatThrownBy(() -> options("--metrics-address=:2", "--http-endpoint=:1"))
        .isInstanceOf(Fatal.class);
  }

  /** A6 12. */
  @Test
  void given_the_default_port_beside_an_endpoint_then_the_endpoint_counts() {
    assertThat(options("--health-port=9808", "--http-endpoint=:1").health().port()).isEqualTo(1);
  }

  /** A6 14. */
  @Test
  void given_an_endpoint_then_metrics_are_beside_the_health() throws Exception {
    var probe = start();
    probe.get("/healthz");

    var metrics = probe.get("/metrics").body();

    assertThat(metrics)
        .contains("process_start_time_seconds ")
        .contains(
            "csi_sidecar_operations_seconds_count{driver_name=\"test.csi4j.io\","
                + "grpc_status_code=\"OK\",method_name=\"/csi.v1.Identity/GetPluginInfo\"} 1")
        .contains(
            "csi_sidecar_operations_seconds_count{driver_name=\"test.csi4j.io\","
                + "grpc_status_code=\"OK\",method_name=\"/csi.v1.Identity/Probe\"}")
        .contains("le=\"600.0\"");
  }

  /** A6 15 and 16. */
  @Test
  void given_the_old_flags_then_metrics_are_on_an_address_of_their_own() throws Exception {
    var port = freePort();
    var metricsPort = freePort();
    var probe = new Running("--health-port=" + port, "--metrics-address=127.0.0.1:" + metricsPort);
    await().until(() -> probe.get("/healthz").statusCode() == 200);

    assertThat(probe.get("/metrics").statusCode()).isEqualTo(404);
    assertThat(get(metricsPort, "/metrics").statusCode()).isEqualTo(200);
    assertThat(get(metricsPort, "/healthz").statusCode()).isEqualTo(404);
  }

  /** A6 17; upstream would end with success. */
  @Test
  void given_a_port_in_use_then_the_probe_ends_with_the_address() throws Exception {
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(
              () -> new Running("--http-endpoint=127.0.0.1:" + taken.getLocalPort()).awaitEnd())
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void given_flags_of_other_sidecars_or_an_unknown_gate_then_they_are_named() {
    assertThatThrownBy(
            () ->
                LivenessProbe.of(
                    Flags.parse(
                        List.of("--kubeconfig=x", "--leader-election", "--feature-gates=New=true")),
                    time))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("--kubeconfig: no such flag")
        .hasMessageContaining("--leader-election: no such flag")
        .hasMessageContaining("--feature-gates=New=true: must be Name=true or Name=false");
    assertThat(
            LivenessProbe.of(
                Flags.parse(
                    List.of(
                        "--feature-gates=AllBeta=true",
                        "--vmodule=x=3",
                        "--log-flush-frequency=5s")),
                time))
        .isNotNull();
  }

  /** A6 20. */
  @Test
  void given_an_unknown_path_then_404() throws Exception {
    assertThat(start().get("/healthz/whatever").statusCode()).isEqualTo(404);
  }

  /** A6 23; upstream listens on IPv4 only. */
  @Test
  void given_the_default_port_then_it_is_answered_over_ipv6_too() throws Exception {
    var probe = new Running("--health-port=" + freePort());
    await().until(() -> probe.get("/healthz").statusCode() == 200);

    var reply =
        http.send(
            HttpRequest.newBuilder(URI.create("http://[::1]:%d/healthz".formatted(probe.port())))
                .build(),
            BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(200);
  }

  @Test
  void given_a_bad_endpoint_then_the_flag_and_what_is_allowed_are_named() {
    assertThatThrownBy(() -> options("--http-endpoint=9808"))
        .isInstanceOf(BadFlags.class)
        .hasMessage(
            "--http-endpoint=9808: must be host:port, such as :9808, 127.0.0.1:9808 or [::1]:9808");
  }
}
