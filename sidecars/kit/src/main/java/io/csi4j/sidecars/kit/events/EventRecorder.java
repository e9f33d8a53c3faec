package io.csi4j.sidecars.kit.events;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Need;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.doors.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events as API objects, one after the other, on a fiber that lives while there are any. A
 * caller only puts its event into a queue; where that is full, the event is lost.
 */
public final class EventRecorder implements Events, AutoCloseable {
  public static final Need NEED = Need.of(EventObject.KIND, Verb.CREATE, Verb.PATCH);

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
  static final int QUEUE_MAX = 1000;
  private static final int TRIES_MAX = 12;
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** The next leader waits for this end, too. */
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  private static final int DROPS_PER_LOG = 1000;

  private final Cluster cluster;
  private final Time time;
  private final String component;
  private final Correlation correlation;
  private final Time.Signal closing;

  private final Object lock = new Object();

  // All below are guarded by lock.
  private final Deque<Happened> queue = new ArrayDeque<>();
  private Time.Signal idle;
  private boolean writing;
  private boolean closed;
  private long dropped;

  /** An event and when it was recorded, which may be long before it is written. */
  private record Happened(Event event, Instant now) {}

  public EventRecorder(Cluster cluster, Time time, String component) {
    this.cluster = cluster;
    this.time = time;
    this.component = component;
    this.correlation = new Correlation(new EventNames(time.random())::name);
    this.closing = time.signal();
    this.idle = time.signal();
  }

  @Override
  public void record(Event event) {
    var happened = new Happened(event.withMessage(EventText.limited(event.message())), time.now());
    synchronized (lock) {
      if (closed || queue.size() >= QUEUE_MAX) {
        drop(event);
        return;
      }
      queue.addLast(happened);
      if (!writing) {
        writing = true;
        idle = time.signal();
        time.spawn("csi4j-events", this::writeAll);
      }
    }
  }

  private void drop(Event event) {
    if (dropped++ % DROPS_PER_LOG == 0) {
      log.atWarn()
          .addKeyValue("about", event.about().key())
          .addKeyValue("reason", event.reason())
          .addKeyValue("dropped", dropped)
          .log("dropped an event: too many wait to be written");
    }
  }

  // The outermost frame of a fiber: one event that cannot be written must not end all others.
  private void writeAll() {
    for (var next = next(); next != null; next = next()) {
      try {
        write(correlation.correlate(next.event(), next.now(), time.nanos()));
      } catch (CancellationException e) {
        log.atDebug().addKeyValue("reason", e.getMessage()).log("did not write an event");
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("could not write an event by a bug");
      }
    }
  }

  private @Nullable Happened next() {
    synchronized (lock) {
      var next = queue.pollFirst();
      if (next == null || closing.raised()) {
        writing = false;
        queue.clear();
        idle.raise();
        return null;
      }
      return next;
    }
  }

  private void write(EventStep step) {
    switch (step) {
      case EventStep.Drop() -> log.atDebug().log("dropped an event: too many about one object");
      case EventStep.Create(var entry) -> insist(entry, () -> create(entry));
      case EventStep.Count(var entry) -> insist(entry, () -> count(entry));
    }
  }

  private void create(Entry entry) {
    cluster.create(EventObject.KIND, EventObject.whole(entry, component));
  }

  private void count(Entry entry) {
    try {
      cluster.patch(EventObject.KIND, key(entry), Patch.merge(EventObject.counted(entry)));
    } catch (ApiFailure.NotFound _) {
      // The API server lets events go after a while.
      create(entry);
    }
  }

  /** What the server refuses is lost; what does not reach it is tried again for a while. */
  private void insist(Entry entry, Runnable write) {
    for (var tries = 1; ; tries++) {
      ApiFailure failure;
      Duration pause;
      try {
        write.run();
        return;
      } catch (ApiFailure.Throttled e) {
        failure = e;
        pause = e.after();
      } catch (ApiFailure.Unreachable e) {
        failure = e;
        pause = tries == 1 ? firstPause() : PAUSE;
      } catch (ApiFailure e) {
        gaveUp(entry, e);
        return;
      }
      if (tries == TRIES_MAX || closing.await(pause)) {
        gaveUp(entry, failure);
        return;
      }
    }
  }

  /** Many replicas lose the server at the same moment and must not come back at the same. */
  private Duration firstPause() {
    return Duration.ofMillis((long) (PAUSE.toMillis() * time.random().nextDouble()));
  }

  private static void gaveUp(Entry entry, ApiFailure failure) {
    log.atInfo()
        .addKeyValue("about", entry.event().about().key())
        .addKeyValue("reason", failure.getMessage())
        .log("could not write an event");
  }

  private static ObjectKey key(Entry entry) {
    return new ObjectKey(entry.event().about().eventNamespace(), entry.name());
  }

  /** Takes no more events, and waits a little for those in the queue. */
  @Override
  public void close() {
    Time.Signal last;
    synchronized (lock) {
      closed = true;
      last = idle;
      if (!writing) {
        return;
      }
    }
    if (!last.await(CLOSE_LIMIT)) {
      closing.raise();
    }
  }
}
