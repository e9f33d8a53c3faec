package io.csi4j.e2e.bench;

import io.csi4j.sidecars.kit.queue.WorkQueue;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Keys through the work queue: a burst of distinct keys, handed out to workers that do nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class WorkQueueBench {
  private static final int BURST = 10_000;

  /** At most so many workers at the same time. */
  @Param({"1", "16", "100"})
  public int workers;

  private final String[] keys = new String[BURST];
  private SystemTime time = new SystemTime();
  private CountDownLatch left = new CountDownLatch(0);

  @Setup
  public void names() {
    for (var i = 0; i < BURST; i++) {
      keys[i] = "namespace/claim-" + i;
    }
    time = new SystemTime();
  }

  @TearDown
  public void ends() {
    time.close();
  }

  @Benchmark
  @OperationsPerInvocation(BURST)
  public void keys() throws InterruptedException {
    left = new CountDownLatch(BURST);
    try (var queue = new WorkQueue<String>("bench", time, workers, _ -> left.countDown())) {
      queue.start();
      for (var key : keys) {
        queue.add(key);
      }
      left.await();
    }
  }
}
