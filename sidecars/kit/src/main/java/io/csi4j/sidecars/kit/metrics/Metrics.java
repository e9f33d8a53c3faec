package io.csi4j.sidecars.kit.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One process's metrics. */
public final class Metrics {
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();

  /** By name: controllers are built anew in each term, and their metrics go on. */
  private final Map<String, Object> collectors = new ConcurrentHashMap<>();

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

  /** Counts what happened; asked for again under its name, it is the same. */
  public Tally tally(String name, String help, String... labels) {
    var counter =
        (Counter)
            collectors.computeIfAbsent(
                name,
                _ -> Counter.builder().name(name).help(help).labelNames(labels).register(registry));
    return values -> counter.labelValues(values).inc();
  }

  /** How long things took, in seconds; asked for again under its name, it is the same. */
  public Spans spans(String name, String help, double[] upperBounds, String... labels) {
    var histogram =
        (Histogram)
            collectors.computeIfAbsent(
                name,
                _ ->
                    Histogram.builder()
                        .name(name)
                        .help(help)
                        .labelNames(labels)
                        .classicOnly()
                        .classicUpperBounds(upperBounds)
                        .register(registry));
    return (took, values) -> histogram.labelValues(values).observe(took.toNanos() / NANOS);
  }

  /** How much there is of something; asked for again under its name, it is the same. */
  public Level level(String name, String help, String... labels) {
    var gauge =
        (Gauge)
            collectors.computeIfAbsent(
                name,
                _ -> Gauge.builder().name(name).help(help).labelNames(labels).register(registry));
    return (value, values) -> gauge.labelValues(values).set(value);
  }

  /** Counts up by one. */
  @FunctionalInterface
  public interface Tally {
    void add(String... labels);
  }

  /** Takes in one duration. */
  @FunctionalInterface
  public interface Spans {
    void took(Duration duration, String... labels);
  }

  /** Takes the newest value. */
  @FunctionalInterface
  public interface Level {
    void is(double value, String... labels);
  }

  /** Where a sidecar registers what it measures itself. */
  public PrometheusRegistry registry() {
    return registry;
  }
}
