package io.csi4j.sidecars.kit.metrics;

import io.csi4j.sidecars.kit.queue.QueueObserver;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;

/**
 * The work queues of one process, by upstream's names; {@link #of} gives each queue its observer.
 */
public final class QueueMetrics {
  private static final double NANOS = 1e9;
  private static final double[] BUCKETS = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};

  private final Gauge depth;
  private final Counter adds;
  private final Counter retries;
  private final Histogram waited;
  private final Histogram worked;

  public QueueMetrics(Metrics metrics) {
    var registry = metrics.registry();
    depth =
        Gauge.builder()
            .name("workqueue_depth")
            .help("Current depth of workqueue")
            .labelNames("name")
            .register(registry);
    adds =
        Counter.builder()
            .name("workqueue_adds_total")
            .help("Total number of adds handled by workqueue")
            .labelNames("name")
            .register(registry);
    retries =
        Counter.builder()
            .name("workqueue_retries_total")
            .help("Total number of retries handled by workqueue")
            .labelNames("name")
            .register(registry);
    waited =
        histogram(
            metrics,
            "workqueue_queue_duration_seconds",
            "How long in seconds an item stays in workqueue before being requested.");
    worked =
        histogram(
            metrics,
            "workqueue_work_duration_seconds",
            "How long in seconds processing an item from workqueue takes.");
  }

  public QueueObserver of(String queue) {
    depth.labelValues(queue).set(0);
    return new QueueObserver() {
      @Override
      public void added(int waiting) {
        adds.labelValues(queue).inc();
        depth.labelValues(queue).set(waiting);
      }

      @Override
      public void begun(int waiting, Duration wait) {
        depth.labelValues(queue).set(waiting);
        waited.labelValues(queue).observe(wait.toNanos() / NANOS);
      }

      @Override
      public void done(Duration work) {
        worked.labelValues(queue).observe(work.toNanos() / NANOS);
      }

      @Override
      public void delayed() {
        retries.labelValues(queue).inc();
      }
    };
  }

  private static Histogram histogram(Metrics metrics, String name, String help) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .labelNames("name")
        .classicOnly()
        .classicUpperBounds(BUCKETS)
        .register(metrics.registry());
  }
}
