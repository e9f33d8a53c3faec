package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.loop.Killed;
import io.csi4j.e2e.sandbox.clock.Surroundings.Spawn;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that may take long, each on a thread of its own, one at a time for a key; what failed waits
 * before it is tried again. Used by the loop's thread, but for what says otherwise.
 */
final class Operations {
  private static final Logger log = LoggerFactory.getLogger(Operations.class);
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(122);

  private final String node;
  private final Spawn spawn;
  private final Runnable wake;
  private final Attempts attempts = new Attempts(FIRST, LONGEST);
  private final Set<String> running = new HashSet<>();

  /** Filled by the threads of operations. */
  private final Queue<Finished> finished = new ConcurrentLinkedQueue<>();

  /** Kept by the threads of operations. */
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  private volatile boolean ended;

  private record Finished(String key, OpResult result) {}

  /** What is done. */
  @FunctionalInterface
  interface Work {
    OpResult run() throws IOException;
  }

  /**
   * A piece of work.
   *
   * @param take whether what it works on is free, which it no longer is then
   * @param leave called on the operation's thread
   * @param failed called on the operation's thread
   */
  record Operation(
      String key, BooleanSupplier take, Work work, Runnable leave, Consumer<String> failed) {

    static Operation free(String key, Work work, Consumer<String> failed) {
      return new Operation(key, () -> true, work, () -> {}, failed);
    }
  }

  Operations(String node, Spawn spawn, Runnable wake) {
    this.node = node;
    this.spawn = spawn;
    this.wake = wake;
  }

  /** Takes note of what has ended; to be called before new work is begun. */
  void settle(Instant now) {
    for (var each = finished.poll(); each != null; each = finished.poll()) {
      running.remove(each.key);
      switch (each.result) {
        case OpResult.Done() -> attempts.succeeded(each.key);
        case OpResult.Failed _ -> attempts.failed(each.key, now);
      }
    }
  }

  /** Begins unless the same is under way, has to wait, or what it works on is taken. */
  void start(Operation operation, Instant now) {
    if (ended || running.contains(operation.key) || !attempts.due(operation.key, now)) {
      return;
    }
    if (operation.take.getAsBoolean()) {
      running.add(operation.key);
      spawn.spawn("csi4j-node-" + node, () -> run(operation));
    }
  }

  boolean isRunning(String key) {
    return running.contains(key);
  }

  private void run(Operation operation) {
    threads.add(Thread.currentThread());
    OpResult result = new OpResult.Failed("the node ended");
    try {
      if (!ended) {
        result = result(operation);
      }
      if (result instanceof OpResult.Failed(var reason) && !ended) {
        operation.failed.accept(reason);
      }
    } catch (Killed _) {
      log.atDebug().addKeyValue("operation", operation.key).log("killed in an operation");
    } finally {
      operation.leave.run();
      threads.remove(Thread.currentThread());
      finished.add(new Finished(operation.key, result));
      wake.run();
    }
  }

  private static OpResult result(Operation operation) {
    try {
      return operation.work.run();
    } catch (IOException e) {
      return new OpResult.Failed(e.toString());
    } catch (ApiFailure failure) {
      return new OpResult.Failed(failure.text());
    } catch (RuntimeException bug) {
      log.atError().setCause(bug).addKeyValue("operation", operation.key).log("operation failed");
      return new OpResult.Failed(bug.toString());
    }
  }

  /** When something that failed is to be tried again. */
  Instant next(Instant now) {
    return attempts.next(now);
  }

  /** Breaks off everything, as the end of the process does. May be called from any thread. */
  void end() {
    ended = true;
    threads.forEach(Thread::interrupt);
  }
}
