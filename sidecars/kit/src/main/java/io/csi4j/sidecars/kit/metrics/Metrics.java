package io.csi4j.sidecars.kit.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** One process's metrics. */
public final class Metrics {
  private static final double MILLIS = 1e3;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter text = PrometheusTextFormatWriter.create();

  /** {@code started} is when the process began. */
  public Metrics(Instant started) {
    GaugeWithCallback.builder()
        .name("process_start_time_seconds")
        .help("Start time of the process since unix epoch in seconds.")
        .callback(callback -> callback.call(started.toEpochMilli() / MILLIS))
        .register(registry);
  }

  public static String contentType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  public String scrape() {
    var out = new ByteArrayOutputStream();
    try {
      text.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Where a sidecar registers what it measures itself. */
  public PrometheusRegistry registry() {
    return registry;
  }
}
