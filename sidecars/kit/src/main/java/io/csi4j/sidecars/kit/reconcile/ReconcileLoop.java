package io.csi4j.sidecars.kit.reconcile;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.queue.InOrder;
import io.csi4j.sidecars.kit.queue.QueueObserver;
import io.csi4j.sidecars.kit.queue.Turns;
import io.csi4j.sidecars.kit.queue.WorkQueue;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one reconciler over one queue. One of the two places where any exception is caught: a bug in
 * one key's handling must not stop the others.
 */
public final class ReconcileLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);

  /** A failure that repeats is logged when its words change, and then every so many times. */
  private static final int LOG_EVERY = 10;

  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(20);

  private final String name;
  private final Reconciler reconciler;
  private final Time time;
  private final BackOff backOff;
  private final WorkQueue<ObjectKey> queue;

  /**
   * Failures in a row. A key is in one worker's hands at a time, so entries do not race; forgotten
   * when settled.
   */
  private final Map<ObjectKey, Failures> failures = new ConcurrentHashMap<>();

  public ReconcileLoop(
      String name, Reconciler reconciler, Time time, int workersMax, BackOff backOff) {
    this(name, reconciler, time, new Limits(workersMax, backOff), QueueObserver.NOBODY);
  }

  /** How much a loop may do at once, and how it pauses after failures. */
  public record Limits(int workersMax, BackOff backOff) {}

  public ReconcileLoop(
      String name, Reconciler reconciler, Time time, Limits limits, QueueObserver observer) {
    this(
        name,
        reconciler,
        time,
        new Queueing(new InOrder<>(limits.workersMax()), limits.backOff(), observer));
  }

  /** How keys wait: for their turn and after failures; and who hears of it. */
  public record Queueing(Turns<ObjectKey> turns, BackOff backOff, QueueObserver observer) {}

  public ReconcileLoop(String name, Reconciler reconciler, Time time, Queueing queueing) {
    this.name = name;
    this.reconciler = reconciler;
    this.time = time;
    this.backOff = queueing.backOff();
    this.queue = new WorkQueue<>(name, time, queueing.turns(), this::work, queueing.observer());
  }

  public void add(ObjectKey key) {
    queue.add(key);
  }

  public void start() {
    queue.start();
  }

  /** Stops taking keys and waits a bounded time for those in hand. */
  @Override
  public void close() {
    queue.close();
    if (!queue.awaitIdle(DRAIN_LIMIT)) {
      log.atWarn().addKeyValue("controller", name).log("stopped with work in hand");
    }
  }

  private void work(ObjectKey key) {
    switch (verdict(key)) {
      case Verdict.Settled() -> failures.remove(key);
      case Verdict.After(var delay, _) -> {
        failures.remove(key);
        queue.addAfter(key, delay);
      }
      case Verdict.Parked(var why) ->
          log.atDebug().addKeyValue("key", key).addKeyValue("reason", why).log("parked");
      case Verdict.BackOff(var why) -> retry(key, why);
    }
  }

  // The frame that must survive anything: a bug costs its key the longest pause, not the process
  // its life.
  @SuppressWarnings("CatchingUnchecked")
  private Verdict verdict(ObjectKey key) {
    try {
      return reconciler.reconcile(key);
    } catch (ApiFailure.Throttled e) {
      return new Verdict.After(e.after(), String.valueOf(e.getMessage()));
    } catch (ApiFailure e) {
      return new Verdict.BackOff(String.valueOf(e.getMessage()));
    } catch (CancellationException e) {
      return new Verdict.Parked(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("controller", name)
          .addKeyValue("key", key)
          .addKeyValue("next", backOff.max())
          .setCause(e)
          .log("reconcile failed by a bug");
      return new Verdict.After(backOff.max(), e.toString());
    }
  }

  private void retry(ObjectKey key, String why) {
    var before = failures.getOrDefault(key, new Failures(0, ""));
    var pause = backOff.after(before.count(), time.random().nextDouble());
    var now = new Failures(before.count() + 1, why);
    failures.put(key, now);
    if (!why.equals(before.why()) || now.count() % LOG_EVERY == 0) {
      log.atWarn()
          .addKeyValue("controller", name)
          .addKeyValue("key", key)
          .addKeyValue("attempt", now.count())
          .addKeyValue("next", pause)
          .addKeyValue("reason", why)
          .log("will be tried again");
    }
    queue.addAfter(key, pause);
  }

  private record Failures(int count, String why) {}
}
