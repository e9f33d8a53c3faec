package io.csi4j.sidecars.kit.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;

/** How long each CSI call took and how it ended; one sample for each attempt. */
public final class CallMetrics {
  private static final double[] BUCKETS = {
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600
  };
  private static final double NANOS = 1e9;

  private final Histogram seconds;
  private volatile String driver = "unknown-driver";

  public CallMetrics(Metrics metrics) {
    seconds =
        Histogram.builder()
            .name("csi_sidecar_operations_seconds")
            .help(
                "[ALPHA] Container Storage Interface operation duration with gRPC error code status"
                    + " total")
            .labelNames("driver_name", "method_name", "grpc_status_code")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .register(metrics.registry());
  }

  /** From now on samples carry the driver's name. */
  public void driverIs(String name) {
    driver = name;
  }

  /**
   * Takes in one attempt.
   *
   * @param method with its service, as in {@code /csi.v1.Identity/Probe}
   * @param code in the Go tools' spelling
   */
  public void took(String method, String code, Duration duration) {
    seconds.labelValues(driver, method, code).observe(duration.toNanos() / NANOS);
  }
}
