package io.csi4j.sidecars.kit.metrics;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.core.metrics.Counter;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scenarios of common.md B18 on metrics: names, labels and buckets are a contract. */
class CallMetricsTest {
  private static final String CREATE = "/csi.v1.Controller/CreateVolume";

  private final Metrics metrics = new Metrics(Instant.EPOCH);
  private final CallMetrics calls = new CallMetrics(metrics);

  /** B18 31. */
  @Test
  void given_a_call_of_20_seconds_when_scraped_then_the_buckets_say_so() {
    calls.driverIs("disk.example.com");

    calls.took(CREATE, "OK", ofSeconds(20));

    var labels =
        "driver_name=\"disk.example.com\",grpc_status_code=\"OK\",method_name=\"%s\""
            .formatted(CREATE);
    assertThat(metrics.scrape())
        .contains("# TYPE csi_sidecar_operations_seconds histogram")
        .contains(
            "# HELP csi_sidecar_operations_seconds [ALPHA] Container Storage Interface operation"
                + " duration with gRPC error code status total")
        .contains("_bucket{%s,le=\"15.0\"} 0".formatted(labels))
        .contains("_bucket{%s,le=\"25.0\"} 1".formatted(labels))
        .contains("_bucket{%s,le=\"+Inf\"} 1".formatted(labels))
        .contains("_sum{%s} 20.0".formatted(labels))
        .contains("_count{%s} 1".formatted(labels));
  }

  /** B18 32. */
  @Test
  void given_a_call_that_failed_when_scraped_then_its_code_is_spelled_as_in_go() {
    calls.driverIs("disk.example.com");

    calls.took(CREATE, "Unimplemented", ofMillis(3));

    assertThat(metrics.scrape()).contains("grpc_status_code=\"Unimplemented\"");
  }

  /** B18 34, with B20.7: samples wait for the name. */
  @Test
  void given_calls_before_the_name_is_known_when_it_is_then_they_carry_it() {
    calls.took("/csi.v1.Identity/Probe", "Unavailable", ofMillis(3));
    assertThat(metrics.scrape()).doesNotContain("csi_sidecar_operations_seconds_count");

    calls.driverIs("disk.example.com");

    assertThat(metrics.scrape())
        .contains("driver_name=\"disk.example.com\",grpc_status_code=\"Unavailable\"")
        .doesNotContain("unknown-driver");
  }

  /** B18 34. */
  @Test
  void given_a_driver_that_never_answers_when_it_is_asked_for_long_then_that_shows() {
    for (var i = 0; i < 103; i++) {
      calls.took("/csi.v1.Identity/Probe", "Unavailable", ofMillis(3));
    }

    assertThat(metrics.scrape())
        .contains(
            "csi_sidecar_operations_seconds_count{driver_name=\"unknown-driver\","
                + "grpc_status_code=\"Unavailable\",method_name=\"/csi.v1.Identity/Probe\"} 3");
  }

  /** B18 38. */
  @Test
  void given_a_metric_of_the_sidecars_own_when_scraped_then_both_are_there() {
    calls.driverIs("d");
    calls.took(CREATE, "OK", ofMillis(3));
    Counter.builder().name("own_total").help("own").register(metrics.registry()).inc();

    assertThat(metrics.scrape())
        .contains("own_total 1")
        .contains("csi_sidecar_operations_seconds_count");
  }

  /** B18 36: drivers that replaced a plugin inside Kubernetes say for which of them a call was. */
  @Test
  void given_a_driver_with_an_ancestor_when_called_then_the_call_says_whether_it_was_migrated() {
    calls.driverIs("ebs.csi.aws.com");

    calls.took(CREATE, "OK", ofMillis(3));
    calls.took(CREATE, "OK", ofMillis(3), Map.of("migrated", "true"));

    assertThat(metrics.scrape())
        .contains(
            "_count{driver_name=\"ebs.csi.aws.com\",grpc_status_code=\"OK\",method_name=\"%s\","
                    .formatted(CREATE)
                + "migrated=\"false\"} 1")
        .contains("migrated=\"true\"} 1");
  }

  /** B18 36: other drivers have no such label. */
  @Test
  void given_a_driver_without_ancestor_when_called_then_nothing_is_said_of_migration() {
    calls.driverIs("disk.example.com");

    calls.took(CREATE, "OK", ofMillis(3));

    assertThat(metrics.scrape()).doesNotContain("migrated");
  }

  /** B18 36, 34: what was shown of a driver without a name makes room for the name's labels. */
  @Test
  void given_calls_of_an_unknown_driver_when_it_has_an_ancestor_then_its_calls_are_complete() {
    for (var i = 0; i < 101; i++) {
      calls.took(CREATE, "Unavailable", ofMillis(3));
    }

    calls.driverIs("ebs.csi.aws.com");

    assertThat(metrics.scrape()).contains("migrated=\"false\"} 100");
  }

  /** B18 37. */
  @Test
  void given_a_label_of_the_callers_own_when_a_call_does_not_set_it_then_it_is_empty() {
    var own = new CallMetrics(metrics, new CallLabels(Map.of("pool", "")));
    own.driverIs("d");

    own.took(CREATE, "OK", ofMillis(3));

    assertThat(metrics.scrape()).contains("pool=\"\"} 1");
  }

  /** B18 37. */
  @Test
  void given_a_call_with_a_label_that_nobody_declared_then_it_is_refused() {
    calls.driverIs("d");

    assertThatThrownBy(() -> calls.took(CREATE, "OK", ofMillis(3), Map.of("pool", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label pool: no such label");
  }

  /** B18 37. */
  @Test
  void given_a_label_of_the_callers_own_that_every_call_has_then_it_is_refused() {
    assertThatThrownBy(() -> new CallLabels(Map.of("driver_name", "mine")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("driver_name");
  }
}
