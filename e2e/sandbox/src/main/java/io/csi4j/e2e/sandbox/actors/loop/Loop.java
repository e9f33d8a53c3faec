package io.csi4j.e2e.sandbox.actors.loop;

import io.csi4j.e2e.sandbox.clock.Surroundings.Spawn;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One actor's thread. An actor that is killed stays dead until it is started again, anew. */
public final class Loop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

  private final String name;
  private final ActorTime time;
  private final Spawn spawn;
  private final Supplier<Actor> birth;

  private volatile boolean dirty;
  private volatile boolean ended = true;

  /** Guarded by this. */
  private @Nullable Thread thread;

  public Loop(String name, ActorTime time, Spawn spawn, Supplier<Actor> birth) {
    this.name = name;
    this.time = time;
    this.spawn = spawn;
    this.birth = birth;
  }

  public String name() {
    return name;
  }

  /** Begins with an empty memory. */
  public synchronized void start() {
    if (!ended) {
      return;
    }
    ended = false;
    dirty = true;
    thread = spawn.spawn("csi4j-actor-" + name, this::run);
  }

  /** Whether it neither was killed nor closed. */
  public boolean alive() {
    return !ended;
  }

  public void wake() {
    dirty = true;
    time.signal();
  }

  private void run() {
    var actor = birth.get();
    try {
      while (!ended) {
        dirty = false;
        var next = pass(actor);
        time.await(() -> dirty || ended, next);
      }
    } catch (InterruptedException _) {
      // Closed.
    } catch (Killed killed) {
      log.atInfo().addKeyValue("actor", name).log("actor was killed");
    } finally {
      ended = true;
      actor.ended();
    }
  }

  private Instant pass(Actor actor) throws InterruptedException {
    try {
      return actor.pass(time.instant());
    } catch (ApiFailure failure) {
      log.atDebug()
          .addKeyValue("actor", name)
          .addKeyValue("why", failure.text())
          .log("pass failed");
    } catch (RuntimeException bug) {
      log.atError().setCause(bug).addKeyValue("actor", name).log("pass ended with a fault");
    }
    return time.instant().plus(AFTER_FAILURE);
  }

  /** Ends the actor wherever it is, and waits until it has ended. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      ended = true;
      running = thread;
      thread = null;
    }
    time.signal();
    if (running == null || running.equals(Thread.currentThread())) {
      return;
    }
    running.interrupt();
    try {
      running.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
