package io.csi4j.app;

import io.csi4j.driver.framework.server.CallObserver;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.metrics.Metrics;
import java.time.Duration;

/** The driver's own view of its calls, by the name that the Go drivers' library gives it. */
final class DriverMetrics implements CallObserver {
  private static final double[] BUCKETS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 300
  };

  private final Metrics.Spans seconds;
  private final String driver;

  DriverMetrics(Metrics metrics, String driver) {
    this.driver = driver;
    this.seconds =
        metrics.spans(
            "csi_plugin_operations_seconds",
            "[ALPHA] Container Storage Interface operation duration with gRPC error code status"
                + " total",
            BUCKETS,
            "driver_name",
            "method_name",
            "grpc_status_code");
  }

  @Override
  public void answered(String method, int code, Duration took) {
    seconds.took(took, driver, method, Code.ofNumber(code).goName());
  }
}
