package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;

/** What upstream's registrar does not tell: how registering goes, in numbers. */
final class RegistrarMetrics {
  private static final double MILLIS = 1e3;
  private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

  private final Metrics.Tally registrations;
  private final Metrics.Level registered;
  private final Metrics.Level lastAsked;
  private final Metrics.Spans selfChecks;

  RegistrarMetrics(Metrics metrics) {
    registrations =
        metrics.tally(
            "csi4j_registrar_registrations_total",
            "What kubelet has answered to the driver's registration.",
            "result");
    registered =
        metrics.level(
            "csi4j_registrar_registered",
            "Whether kubelet's last word at the socket in place was yes.");
    registered.is(0);
    lastAsked =
        metrics.level(
            "csi4j_registrar_last_get_info_timestamp_seconds",
            "When kubelet last asked who is here; 0 if it never did.");
    lastAsked.is(0);
    selfChecks =
        metrics.spans(
            "csi4j_registrar_self_check_seconds",
            "How long a health check at the registrar's own socket took.",
            BUCKETS,
            "status");
  }

  void asked(Instant when) {
    lastAsked.is(when.toEpochMilli() / MILLIS);
  }

  void accepted() {
    registrations.add("accepted");
    registered.is(1);
  }

  void refused() {
    registrations.add("refused");
    registered.is(0);
  }

  /** A new socket is in place: kubelet has not said anything of it. */
  void begunAnew() {
    registered.is(0);
  }

  void selfChecked(int status, Duration took) {
    selfChecks.took(took, Integer.toString(status));
  }
}
