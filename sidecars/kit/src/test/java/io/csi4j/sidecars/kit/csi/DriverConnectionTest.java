package io.csi4j.sidecars.kit.csi;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of common.md B18 on connecting, losing and asking; over a real Unix socket. */
class DriverConnectionTest {
  private static final Duration LIMIT = ofSeconds(10);

  @TempDir Path folder;

  private final SystemTime time = new SystemTime();
  private final ScriptedDriver driver = new ScriptedDriver();

  @AfterEach
  void ends() {
    time.close();
  }

  /** B18 1. */
  @Test
  void given_a_server_then_both_forms_of_its_address_connect() throws IOException {
    try (var _ = driver.start(socket())) {
      for (var address : List.of(socket().toString(), "unix://" + socket())) {
        try (var connection = new DriverConnection(SocketAddress.parse(address), time)) {
          connection.awaitConnected(LIMIT);
          assertThat(connection.name(LIMIT)).isEqualTo("test.csi4j.io");
        }
      }
    }
  }

  /** B18 12. */
  @Test
  void given_an_address_that_is_no_socket_then_it_is_refused_with_what_is_allowed() {
    assertThatThrownBy(() -> SocketAddress.parse("dns:///host:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unix://");
    assertThatThrownBy(() -> SocketAddress.parse("/" + "x".repeat(107)))
        .hasMessageContaining("107 bytes");
  }

  /** B18 2. */
  @Test
  void given_a_server_that_comes_later_then_it_is_found_within_about_a_second() throws Exception {
    try (var connection = connect()) {
      assertThatThrownBy(() -> connection.awaitConnected(ofMillis(1500)))
          .isInstanceOf(DriverFault.class);

      try (var _ = driver.start(socket())) {
        var started = System.nanoTime();
        connection.awaitConnected(LIMIT);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(ofMillis(2500));
      }
    }
  }

  /** B18 3. Provisioner 26.P2. */
  @Test
  void given_no_server_then_the_limit_ends_the_waiting_with_the_address() {
    try (var connection = connect()) {
      assertThatThrownBy(() -> connection.awaitConnected(ofMillis(300)))
          .isInstanceOf(DriverFault.class)
          .hasMessageContaining(socket().toString());
    }
  }

  /** B18 5, 6, 8 and 9. */
  @Test
  void given_losses_then_calls_fail_and_work_again_and_each_loss_is_told_once() throws Exception {
    var lost = new AtomicInteger();
    var returned = new AtomicInteger();
    var server = driver.start(socket());
    try (var connection = connect()) {
      connection.onLoss(() -> lost.incrementAndGet() > 0);
      connection.onReturn(returned::incrementAndGet);
      connection.awaitConnected(LIMIT);
      var door = connection.driver(LIMIT, Set.of(Code.UNAVAILABLE));

      for (var round = 1; round <= 2; round++) {
        server.close();
        var losses = round;
        await().until(() -> lost.get() == losses);
        assertThat(delete(door)).isInstanceOf(Outcome.NotReached.class);
        server = driver.start(socket());
        await().until(() -> returned.get() == losses);
        assertThat(delete(door)).isInstanceOf(Outcome.Done.class);
      }

      assertThat(lost).hasValue(2);
      assertThat(returned).hasValue(2);
    } finally {
      server.close();
    }
  }

  /** B18 7. */
  @Test
  void given_nobody_wants_the_driver_back_when_it_is_back_then_calls_go_on_failing()
      throws Exception {
    var lost = new AtomicInteger();
    try (var connection = connect()) {
      connection.onLoss(() -> lost.incrementAndGet() < 0);
      var door = connection.driver(LIMIT, Set.of(Code.UNAVAILABLE));
      try (var _ = driver.start(socket())) {
        connection.awaitConnected(LIMIT);
      }
      await().until(() -> lost.get() == 1);

      try (var _ = driver.start(socket())) {
        await().during(ofMillis(600)).until(() -> !(delete(door) instanceof Outcome.Done));
      }

      assertThat(lost).hasValue(1);
    }
  }

  /** B18 4: the other tests of this class have no metrics; this one has. */
  @Test
  void given_metrics_are_wanted_when_a_call_ends_then_it_is_counted() throws IOException {
    var metrics = new Metrics(time.now());
    var calls = new CallMetrics(metrics);
    try (var _ = driver.start(socket());
        var connection =
            new DriverConnection(
                SocketAddress.parse(socket().toString()),
                time,
                new Witnesses(Optional.of(calls), 0))) {
      calls.driverIs(connection.name(LIMIT));
    }

    assertThat(metrics.scrape())
        .contains(
            "csi_sidecar_operations_seconds_count{driver_name=\"test.csi4j.io\","
                + "grpc_status_code=\"OK\",method_name=\"/csi.v1.Identity/GetPluginInfo\"} 1");
  }

  /**
   * The driver is killed and restarted fifty times: nothing grows, and each time it is found soon.
   */
  @Test
  void given_fifty_restarts_then_nothing_grows_and_each_return_is_quick() throws Exception {
    try (var connection = connect()) {
      var door = connection.driver(LIMIT, Set.of(Code.UNAVAILABLE));
      var slowest = Duration.ZERO;
      var descriptors = 0L;
      for (var round = 0; round < 50; round++) {
        try (var _ = driver.start(socket())) {
          var started = System.nanoTime();
          await()
              .atMost(LIMIT)
              .pollInterval(ofMillis(5))
              .until(() -> delete(door) instanceof Outcome.Done);
          var took = Duration.ofNanos(System.nanoTime() - started);
          slowest = took.compareTo(slowest) > 0 ? took : slowest;
          if (round == 4) {
            descriptors = openDescriptors();
          }
        }
      }
      System.out.printf("50 restarts: slowest return %d ms%n", slowest.toMillis());
      assertThat(slowest).isLessThan(ofSeconds(2));
      assertThat(openDescriptors()).isLessThanOrEqualTo(descriptors + 4);
    }
  }

  /** B18 13. */
  @Test
  void given_a_ready_driver_then_one_probe_is_enough() throws IOException {
    try (var _ = driver.start(socket());
        var connection = connect()) {
      connection.awaitReady(LIMIT);
      driver.probeAnswers.add(true);
      connection.awaitReady(LIMIT);

      assertThat(driver.probes).hasValue(2);
    }
  }

  /** B18 14. Provisioner 26.P1. */
  @Test
  void given_a_driver_that_needs_time_then_it_is_asked_once_a_second() throws IOException {
    driver.probeAnswers.addAll(List.of(false, false, true));
    try (var _ = driver.start(socket());
        var connection = connect()) {
      var started = System.nanoTime();
      connection.awaitReady(LIMIT);

      assertThat(driver.probes).hasValue(3);
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isBetween(ofSeconds(2), ofSeconds(4));
    }
  }

  /** B18 15 to 17. Provisioner 26.P1. */
  @Test
  void given_a_probe_that_fails_then_a_deadline_is_tried_again_and_all_else_ends()
      throws IOException {
    driver.probeAnswers.addAll(
        List.of(Status.DEADLINE_EXCEEDED, Status.FAILED_PRECONDITION.withDescription("unwell")));
    try (var _ = driver.start(socket());
        var connection = connect()) {
      assertThatThrownBy(() -> connection.awaitReady(LIMIT))
          .isInstanceOf(DriverFault.class)
          .hasMessageContaining("code = FailedPrecondition desc = unwell");
      assertThat(driver.probes).hasValue(2);

      for (var failure : List.of(Status.UNIMPLEMENTED, Status.UNAVAILABLE)) {
        driver.probeAnswers.add(failure);
        assertThatThrownBy(() -> connection.awaitReady(LIMIT)).isInstanceOf(DriverFault.class);
      }
    }
  }

  /** B18 18. Provisioner 26.P2. */
  @Test
  void given_a_driver_without_a_name_then_it_is_a_fault() throws IOException {
    driver.name = "";
    try (var _ = driver.start(socket());
        var connection = connect()) {
      assertThatThrownBy(() -> connection.name(LIMIT))
          .isInstanceOf(DriverFault.class)
          .hasMessage("driver name is empty");
    }
  }

  /** B18 19 and 20. */
  @Test
  void given_capabilities_with_gaps_and_news_then_the_numbers_are_kept() throws IOException {
    try (var _ = driver.start(socket());
        var connection = connect()) {
      assertThat(connection.identify(LIMIT))
          .isEqualTo(
              new DriverIdentity("test.csi4j.io", Set.of(1, 3), Set.of(1, 12345), Set.of(1)));
    }
  }

  private DriverConnection connect() {
    return new DriverConnection(SocketAddress.parse(socket().toString()), time);
  }

  private Path socket() {
    return folder.resolve("csi.sock");
  }

  private static Outcome<?> delete(Driver door) {
    return door.deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId("v").build());
  }

  private static long openDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }
}
