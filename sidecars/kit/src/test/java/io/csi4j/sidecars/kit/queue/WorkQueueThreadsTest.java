package io.csi4j.sidecars.kit.queue;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.time.SystemTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What only real threads can show. */
class WorkQueueThreadsTest {

  /**
   * B18 56 and 65: never two workers on one key, never more workers than allowed, and a drain that
   * is complete.
   */
  @Test
  void given_many_threads_when_they_add_few_keys_then_no_key_is_worked_on_twice_at_a_time()
      throws InterruptedException {
    try (var time = new SystemTime()) {
      var inWork = new ConcurrentHashMap<Integer, AtomicInteger>();
      var workers = new AtomicInteger();
      var overlaps = new AtomicInteger();
      var worked = new AtomicInteger();
      var queue =
          new WorkQueue<Integer>(
              "test",
              time,
              8,
              key -> {
                if (workers.incrementAndGet() > 8 || counter(inWork, key).incrementAndGet() > 1) {
                  overlaps.incrementAndGet();
                }
                LockSupport.parkNanos(1);
                worked.incrementAndGet();
                counter(inWork, key).decrementAndGet();
                workers.decrementAndGet();
              });
      queue.start();
      var adders = new Thread[4];
      for (var i = 0; i < adders.length; i++) {
        adders[i] =
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (var n = 0; n < 20_000; n++) {
                        queue.add(n % 10);
                      }
                    });
      }
      for (var adder : adders) {
        adder.join();
      }
      queue.close();

      assertThat(queue.awaitIdle(ofSeconds(30))).isTrue();
      assertThat(overlaps).hasValue(0);
      assertThat(worked).hasValueGreaterThanOrEqualTo(10);
      assertThat(queue.depth()).isZero();
    }
  }

  private static AtomicInteger counter(Map<Integer, AtomicInteger> counters, Integer key) {
    return counters.computeIfAbsent(key, _ -> new AtomicInteger());
  }
}
