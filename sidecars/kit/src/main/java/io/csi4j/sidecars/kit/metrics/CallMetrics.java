package io.csi4j.sidecars.kit.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How long each CSI call took and how it ended; one sample for each attempt.
 *
 * <p>Samples from before the driver has told its name wait for it, so that one driver is one series
 * from the first call on. Only of a driver that cannot be reached for long some are shown under
 * {@code unknown-driver}, as the Go tools do.
 */
public final class CallMetrics {
  private static final double[] BUCKETS = {
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600
  };
  private static final double NANOS = 1e9;
  private static final String UNKNOWN = "unknown-driver";
  private static final int WAITING_MAX = 100;

  private final Histogram seconds;

  // Both are guarded by waiting.
  private final Deque<Sample> waiting = new ArrayDeque<>();
  private @Nullable String driver;

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

  /** From now on samples carry the driver's name, and so do those that waited for it. */
  public void driverIs(String name) {
    synchronized (waiting) {
      driver = name;
      waiting.forEach(sample -> show(name, sample));
      waiting.clear();
    }
  }

  /**
   * Takes in one attempt.
   *
   * @param method with its service, as in {@code /csi.v1.Identity/Probe}
   * @param code in the Go tools' spelling
   */
  public void took(String method, String code, Duration duration) {
    var sample = new Sample(method, code, duration.toNanos() / NANOS);
    synchronized (waiting) {
      if (driver != null) {
        show(driver, sample);
        return;
      }
      if (waiting.size() == WAITING_MAX) {
        show(UNKNOWN, waiting.removeFirst());
      }
      waiting.addLast(sample);
    }
  }

  private void show(String name, Sample sample) {
    seconds.labelValues(name, sample.method(), sample.code()).observe(sample.seconds());
  }

  private record Sample(String method, String code, double seconds) {}
}
