package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.metrics.Metrics;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;

/** What upstream's registrar does not tell: how registering goes, in numbers. */
final class RegistrarMetrics {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;
  private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

  private final Histogram selfChecks;

  RegistrarMetrics(Metrics metrics, RegistrationStory story) {
    CounterWithCallback.builder()
        .name("csi4j_registrar_registrations_total")
        .help("What kubelet has answered to the driver's registration.")
        .labelNames("result")
        .callback(
            callback -> {
              var count = story.count();
              callback.call((double) count.accepted(), "accepted");
              callback.call((double) count.refused(), "refused");
            })
        .register(metrics.registry());
    GaugeWithCallback.builder()
        .name("csi4j_registrar_registered")
        .help("Whether kubelet's last word at the socket in place was yes.")
        .callback(callback -> callback.call(story.count().registered() ? 1 : 0))
        .register(metrics.registry());
    GaugeWithCallback.builder()
        .name("csi4j_registrar_last_get_info_timestamp_seconds")
        .help("When kubelet last asked who is here; 0 if it never did.")
        .callback(
            callback -> {
              var last = story.count().lastAsked();
              callback.call(last == null ? 0 : last.toEpochMilli() / MILLIS);
            })
        .register(metrics.registry());
    selfChecks =
        Histogram.builder()
            .name("csi4j_registrar_self_check_seconds")
            .help("How long a health check at the registrar's own socket took.")
            .labelNames("status")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .register(metrics.registry());
  }

  void selfChecked(int status, Duration took) {
    selfChecks.labelValues(Integer.toString(status)).observe(took.toNanos() / NANOS);
  }
}
