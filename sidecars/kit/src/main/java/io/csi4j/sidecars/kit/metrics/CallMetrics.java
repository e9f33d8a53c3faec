package io.csi4j.sidecars.kit.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long each CSI call took and how it ended; one sample for each attempt.
 *
 * <p>Samples from before the driver has told its name wait for it, so that one driver is one series
 * from the first call on. Only of a driver that cannot be reached for long some are shown under
 * {@code unknown-driver}, as the Go tools do.
 */
public final class CallMetrics {
  /** The code of a failure that has no gRPC status. */
  public static final String NOT_GRPC = "unknown-non-grpc";

  private static final double[] BUCKETS = {
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600
  };
  private static final double NANOS = 1e9;
  private static final String UNKNOWN = "unknown-driver";
  private static final int WAITING_MAX = 100;

  private final Metrics metrics;
  private final @Nullable CallLabels fixed;

  // All below are guarded by waiting.
  private final Deque<Sample> waiting = new ArrayDeque<>();
  private @Nullable String driver;
  private @Nullable Shown shown;

  /** With the labels that go with the driver's name. */
  public CallMetrics(Metrics metrics) {
    this(metrics, null);
  }

  /** With these labels, whatever the driver is called. */
  CallMetrics(Metrics metrics, @Nullable CallLabels fixed) {
    this.metrics = metrics;
    this.fixed = fixed;
  }

  /** From now on samples carry the driver's name, and so do those that waited for it. */
  public void driverIs(String name) {
    synchronized (waiting) {
      driver = name;
      waiting.forEach(sample -> show(name, sample));
      waiting.clear();
    }
  }

  /** Takes in one attempt of which there is nothing more to say. */
  public void took(String method, String code, Duration duration) {
    took(method, code, duration, Map.of());
  }

  /**
   * Takes in one attempt.
   *
   * @param method with its service, as in {@code /csi.v1.Identity/Probe}
   * @param code in the Go tools' spelling
   * @param labels what this call says of the labels beyond the usual three
   */
  public void took(String method, String code, Duration duration, Map<String, String> labels) {
    var sample = new Sample(method, code, duration.toNanos() / NANOS, Map.copyOf(labels));
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
    var labels = fixed == null ? CallLabels.ofDriver(name) : fixed;
    var values = labels.values(name, sample.method(), sample.code(), sample.labels());
    under(labels).labelValues(values).observe(sample.seconds());
  }

  /**
   * One name has one set of labels: what an unknown driver left goes when the known one has more.
   */
  private Histogram under(CallLabels labels) {
    if (shown != null && shown.labels().equals(labels)) {
      return shown.seconds();
    }
    if (shown != null) {
      metrics.registry().unregister(shown.seconds());
    }
    shown = new Shown(labels, register(labels));
    return shown.seconds();
  }

  private Histogram register(CallLabels labels) {
    return Histogram.builder()
        .name("csi_sidecar_operations_seconds")
        .help(
            "[ALPHA] Container Storage Interface operation duration with gRPC error code status"
                + " total")
        .labelNames(labels.names())
        .classicOnly()
        .classicUpperBounds(BUCKETS)
        .register(metrics.registry());
  }

  private record Sample(String method, String code, double seconds, Map<String, String> labels) {}

  private record Shown(CallLabels labels, Histogram seconds) {}
}
