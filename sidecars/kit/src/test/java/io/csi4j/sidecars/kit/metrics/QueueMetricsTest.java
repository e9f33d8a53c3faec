package io.csi4j.sidecars.kit.metrics;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.queue.WorkQueue;
import io.csi4j.sidecars.kit.time.ManualTime;
import org.junit.jupiter.api.Test;

/** The work queue's metrics carry upstream's names and mean what they mean there. */
class QueueMetricsTest {
  private final ManualTime time = new ManualTime();
  private final Metrics metrics = new Metrics(time.now());
  private final QueueMetrics queues = new QueueMetrics(metrics, time);

  @Test
  void given_keys_in_work_when_scraped_then_their_ages_show() {
    var queue =
        new WorkQueue<String>(
            "claims", time, 1, key -> time.sleep(ofSeconds(9)), queues.of("claims"));
    queue.start();
    queue.add("a");
    queue.add("b");

    time.pass(ofSeconds(4));

    assertThat(metrics.scrape())
        .contains("workqueue_depth{name=\"claims\"} 1")
        .contains("workqueue_adds_total{name=\"claims\"} 2")
        .contains("workqueue_unfinished_work_seconds{name=\"claims\"} 4.0")
        .contains("workqueue_longest_running_processor_seconds{name=\"claims\"} 4.0");
  }

  @Test
  void given_several_workers_when_scraped_then_ages_add_up_and_the_longest_is_told() {
    var queue =
        new WorkQueue<String>(
            "claims", time, 2, key -> time.sleep(ofSeconds(9)), queues.of("claims"));
    queue.start();
    queue.add("a");
    time.pass(ofSeconds(3));
    queue.add("b");

    time.pass(ofSeconds(4));

    assertThat(metrics.scrape())
        .contains("workqueue_unfinished_work_seconds{name=\"claims\"} 11.0")
        .contains("workqueue_longest_running_processor_seconds{name=\"claims\"} 7.0");
  }

  @Test
  void given_all_work_is_done_when_scraped_then_nothing_is_unfinished() {
    var queue =
        new WorkQueue<String>(
            "claims", time, 2, key -> time.sleep(ofSeconds(2)), queues.of("claims"));
    queue.start();
    queue.add("a");
    queue.addAfter("a", ofSeconds(60));

    time.pass(ofSeconds(5));

    assertThat(metrics.scrape())
        .contains("workqueue_retries_total{name=\"claims\"} 1")
        .contains("workqueue_unfinished_work_seconds{name=\"claims\"} 0.0")
        .contains("workqueue_work_duration_seconds_bucket{name=\"claims\",le=\"1.0\"} 0")
        .contains("workqueue_work_duration_seconds_bucket{name=\"claims\",le=\"10.0\"} 1")
        .contains("workqueue_queue_duration_seconds_bucket{name=\"claims\",le=\"1.0E-8\"} 1");
  }
}
