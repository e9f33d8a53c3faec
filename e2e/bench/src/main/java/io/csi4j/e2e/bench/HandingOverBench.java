package io.csi4j.e2e.bench;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Many hand to one, as workers hand events to the recorder and intents to the journal: which queue
 * is worth its place. Compare with how often that happens: a few thousand times a second at most.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class HandingOverBench {
  private static final int ROOM = 1024;
  private static final Object ITEM = new Object();

  @Param({"jctools", "blocking", "locked"})
  public String kind = "";

  private Handing handing = new Handing.Locked();

  @Setup
  public void makes() {
    handing =
        switch (kind) {
          case "jctools" -> new Handing.Of(new MpscArrayQueue<>(ROOM));
          case "blocking" -> new Handing.Of(new ArrayBlockingQueue<>(ROOM));
          default -> new Handing.Locked();
        };
  }

  @Benchmark
  @Group("handing")
  @GroupThreads(16)
  public void hand() {
    if (!handing.offer(ITEM)) {
      Thread.onSpinWait();
    }
  }

  @Benchmark
  @Group("handing")
  @GroupThreads(1)
  public @Nullable Object take() {
    return handing.poll();
  }

  /** A bounded place where things are left and taken. */
  sealed interface Handing {
    boolean offer(Object item);

    @Nullable Object poll();

    record Of(Queue<Object> queue) implements Handing {
      @Override
      public boolean offer(Object item) {
        return queue.offer(item);
      }

      @Override
      public @Nullable Object poll() {
        return queue.poll();
      }
    }

    /** What the code uses today: a deque under the lock that guards the rest of the state, too. */
    final class Locked implements Handing {
      private final ArrayDeque<Object> items = new ArrayDeque<>();

      @Override
      public synchronized boolean offer(Object item) {
        return items.size() < ROOM && items.add(item);
      }

      @Override
      public synchronized @Nullable Object poll() {
        return items.poll();
      }
    }
  }
}
