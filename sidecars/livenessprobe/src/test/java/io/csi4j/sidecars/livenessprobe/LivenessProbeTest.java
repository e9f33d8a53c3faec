package io.csi4j.sidecars.livenessprobe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.livenessprobe.ScriptedIdentity.Mood;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scenarios of common A6: what a probe says of its driver. */
class LivenessProbeTest extends LivenessStage {
  /** A6 1. */
  @Test
  void given_a_driver_that_says_nothing_about_ready_then_it_is_healthy_after_one_call()
      throws Exception {
    var probe = start();

    var reply = probe.get("/healthz");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("ok");
    assertThat(identity.probes()).isEqualTo(1);
  }

  /** A6 2. */
  @Test
  void given_a_ready_driver_then_200() throws Exception {
    identity.mood = Mood.READY;

    assertThat(start().get("/healthz").statusCode()).isEqualTo(200);
  }

  /** A6 3. */
  @Test
  void given_a_driver_that_is_not_ready_then_500_and_why() throws Exception {
    identity.mood = Mood.NOT_READY;

    var reply = start().get("/healthz");

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).isEqualTo("driver responded but is not ready");
  }

  /** A6 4. */
  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"FAILED_PRECONDITION", "INTERNAL", "UNIMPLEMENTED"})
  void given_a_failing_driver_then_500_and_the_code_in_the_go_tools_spelling(Status.Code code)
      throws Exception {
    identity.mood = Mood.FAILING;
    identity.failure = code.toStatus();

    var reply = start().get("/healthz");

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body())
        .startsWith("rpc error: code = ")
        .containsIgnoringCase(code.name().replace("_", ""))
        .endsWith("desc = on fire");
  }

  /** A6 5. */
  @Test
  void given_a_driver_that_hangs_then_500_when_the_limit_has_passed() throws Exception {
    var probe = start("--probe-timeout=1s");
    identity.mood = Mood.HANGING;

    // The quickest of three: a busy machine may hold up one of them.
    var quickest = Duration.ofDays(1);
    for (var i = 0; i < 3; i++) {
      var started = System.nanoTime();
      var reply = probe.get("/healthz");
      var took = Duration.ofNanos(System.nanoTime() - started);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;

      assertThat(reply.statusCode()).isEqualTo(500);
      assertThat(reply.body()).contains("context deadline exceeded");
      assertThat(took).isGreaterThan(Duration.ofMillis(990));
    }
    assertThat(quickest).isLessThan(Duration.ofMillis(1500));
  }

  /** A6 6: with a connection that is kept, the probe would stay green. */
  @Test
  void given_the_sockets_file_is_deleted_then_the_driver_counts_as_dead() throws Exception {
    var probe = start("--probe-timeout=500ms");
    assertThat(probe.get("/healthz").statusCode()).isEqualTo(200);

    Files.delete(socket());

    assertThat(probe.get("/healthz").statusCode()).isEqualTo(500);
  }

  /** A6 7. */
  @Test
  void given_the_driver_dies_and_comes_back_then_so_does_its_health() throws Exception {
    var probe = start("--probe-timeout=500ms");
    driver.close();
    assertThat(probe.get("/healthz").statusCode()).isEqualTo(500);

    driver = EpollServer.start(socket(), identity);

    assertThat(probe.get("/healthz").statusCode()).isEqualTo(200);
  }

  /** A6 9. */
  @Test
  void given_a_driver_without_a_name_then_the_probe_ends() {
    identity.name = "";
    assertThatThrownBy(() -> new Running("--http-endpoint=127.0.0.1:0").awaitEnd())
        .isInstanceOf(DriverFault.class)
        .hasMessage("driver name is empty");

    identity.nameFailure = Status.UNIMPLEMENTED;
    assertThatThrownBy(() -> new Running("--http-endpoint=127.0.0.1:0").awaitEnd())
        .isInstanceOf(DriverFault.class)
        .hasMessageContaining("code = Unimplemented");
  }

  /** A6 10: upstream would wait for ever. */
  @Test
  void given_a_driver_that_hangs_at_its_name_then_it_is_asked_again() throws Exception {
    identity.nameHangs = true;
    var probe = new Running("--http-endpoint=127.0.0.1:0", "--probe-timeout=200ms");
    assertThat(probe.get("/healthz").body()).isEqualTo("not connected to the CSI driver yet");

    identity.nameHangs = false;

    await().until(() -> probe.get("/healthz").statusCode() == 200);
    assertThat(probe.ended()).isFalse();
  }

  /** A6 18. */
  @Test
  void given_a_hundred_questions_at_once_then_all_are_answered_and_nothing_is_left_open()
      throws Exception {
    var probe = start("--probe-timeout=20s");
    probe.get("/healthz");
    var before = openDescriptors();

    var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (var i = 0; i < 100; i++) {
      replies.add(http.sendAsync(probe.request("/healthz"), BodyHandlers.ofString()));
    }

    for (var reply : replies) {
      assertThat(reply.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    // The HTTP client of this test keeps its own connections, two descriptors each in one process.
    await().until(() -> openDescriptors() <= before + 210);
    await().until(() -> socketsOf(socket()) <= 4);
  }

  /** A6 19, in short; LivenessMemoryFigures asks 10,000 times. */
  @Test
  void given_many_questions_one_after_another_then_nothing_is_left_open() throws Exception {
    var probe = start();
    for (var i = 0; i < 50; i++) {
      probe.get("/healthz");
    }
    var descriptors = openDescriptors();
    var threads = Thread.getAllStackTraces().size();

    for (var i = 0; i < 500; i++) {
      assertThat(probe.get("/healthz").statusCode()).isEqualTo(200);
    }

    await().until(() -> openDescriptors() <= descriptors + 4);
    assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo(threads + 2);
  }

  /** A6 22. */
  @Test
  void given_a_client_that_hangs_up_then_its_probe_is_cancelled() throws Exception {
    var probe = start("--probe-timeout=1m");
    identity.mood = Mood.HANGING;
    try (var client = new Socket(InetAddress.getLoopbackAddress(), probe.port())) {
      client.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
      await().until(() -> identity.probes() == 1);
      assertThat(identity.cancelled).hasValue(0);
    }

    await().untilAsserted(() -> assertThat(identity.cancelled).hasValue(1));
  }

  /** A slow start is no reason to be killed, and no readiness; a later failure is both. */
  @Test
  void given_a_driver_that_was_never_ready_then_livez_bears_with_it_and_readyz_does_not()
      throws Exception {
    identity.mood = Mood.NOT_READY;
    var probe = start();

    assertThat(probe.get("/livez").statusCode()).isEqualTo(200);
    assertThat(probe.get("/livez").body()).isEqualTo("starting: driver responded but is not ready");
    assertThat(probe.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(probe.get("/readyz").body()).startsWith("never been ready: ");

    identity.mood = Mood.READY;
    assertThat(probe.get("/readyz").statusCode()).isEqualTo(200);
    identity.mood = Mood.NOT_READY;
    assertThat(probe.get("/livez").statusCode()).isEqualTo(500);
    assertThat(probe.get("/readyz").statusCode()).isEqualTo(503);
  }

  @Test
  void given_a_check_then_it_asks_once_and_ends_as_the_driver_is() throws Throwable {
    new Running("--check").awaitEnd();
    assertThat(identity.probes()).isEqualTo(1);

    identity.mood = Mood.NOT_READY;
    assertThatThrownBy(() -> new Running("--check").awaitEnd())
        .isInstanceOf(Fatal.class)
        .hasMessage("the CSI driver is not well: driver responded but is not ready");
  }
}
