package io.csi4j.sidecars.kit.metrics;

import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.queue.QueueObserver;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

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
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  public QueueMetrics(Metrics metrics, Time time) {
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
    age(
        metrics,
        "workqueue_unfinished_work_seconds",
        "How many seconds of work has been done that is in progress and hasn't been observed by"
            + " work_duration.",
        each -> each.totalNanos(time.nanos()));
    age(
        metrics,
        "workqueue_longest_running_processor_seconds",
        "How many seconds has the longest running processor for workqueue been running.",
        each -> each.longestNanos(time.nanos()));
  }

  private void age(Metrics metrics, String name, String help, ToLongFunction<Running> nanos) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("name")
        .callback(
            callback ->
                running.forEach(
                    (queue, each) -> callback.call(nanos.applyAsLong(each) / NANOS, queue)))
        .register(metrics.registry());
  }

  public QueueObserver of(String queue) {
    depth.labelValues(queue).set(0);
    var inHand = running.computeIfAbsent(queue, _ -> new Running());
    return new QueueObserver() {
      @Override
      public void added(int waiting) {
        adds.labelValues(queue).inc();
        depth.labelValues(queue).set(waiting);
      }

      @Override
      public void begun(int waiting, Duration wait, long nanos) {
        inHand.begin(nanos);
        depth.labelValues(queue).set(waiting);
        waited.labelValues(queue).observe(wait.toNanos() / NANOS);
      }

      @Override
      public void done(long begunNanos, Duration work) {
        inHand.end(begunNanos);
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
