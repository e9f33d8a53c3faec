package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One ConfigMap and its writer. While a write is under way, all that comes joins the next batch; so
 * the number of writes follows the time that one takes, not the number of intents.
 *
 * <p>What the object holds is remembered from the last write. After a failure it is not known, and
 * the next write begins with a read.
 */
final class JournalShard {
  private static final int TRIES_MAX = 5;

  /** A write takes milliseconds; whoever waits this long has lost the server. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  /** How long a closed intent waits for company. */
  private static final Duration CLOSE_DELAY = Duration.ofSeconds(1);

  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final Time time;
  private final ObjectKey key;

  private final Object lock = new Object();

  // Guarded by lock.
  private Batch next;
  private @Nullable Batch current;
  private boolean writing;
  private boolean timed;

  /** Removals that failed; nobody will ask for them again. */
  private final Set<String> unremoved = new LinkedHashSet<>();

  // Confined to the writer; the content is read by others, too.
  private @Nullable ShardObject known;
  private volatile Map<String, String> durable = Map.of();

  JournalShard(Cluster cluster, Time time, ObjectKey key) {
    this.cluster = cluster;
    this.time = time;
    this.key = key;
    this.next = new Batch(time);
  }

  /** Returns when the text is durable under its key. */
  void put(String entry, String text) {
    Batch mine;
    synchronized (lock) {
      unremoved.remove(entry);
      if (isDurable(entry, text)) {
        return;
      }
      next.put(entry, text);
      mine = next;
      startWriter();
    }
    mine.await(entry, WAIT_MAX);
  }

  /** Returns at once; removed with the next write, or after a while. */
  void remove(String entry) {
    synchronized (lock) {
      next.put(entry, null);
      scheduleWriter(CLOSE_DELAY);
    }
  }

  /**
   * What the server has, and will have until we write: the object is written once as it is, so that
   * a write that an earlier process has sent and that is still on its way meets another version,
   * and is refused. Otherwise it could remove an intent that we are about to rely upon.
   */
  Map<String, String> takeOver() {
    for (var tries = 1; ; tries++) {
      try {
        var before = cluster.read(ShardObject.KIND, key).orElse(null);
        var term = ShardObject.newTerm(time.random());
        var written =
            before == null
                ? cluster.create(
                    ShardObject.KIND, ShardObject.create(key, ShardContent.EMPTY, term))
                : cluster.replace(ShardObject.KIND, before.inTerm(term));
        return written.content().entries();
      } catch (ApiFailure.Conflict | ApiFailure.AlreadyExists | ApiFailure.NotFound e) {
        if (tries == TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  private boolean isDurable(String entry, String text) {
    return text.equals(durable.get(entry))
        && !next.mentions(entry)
        && (current == null || !current.mentions(entry));
  }

  private void scheduleWriter(Duration delay) {
    if (!timed) {
      timed = true;
      time.after(
          delay,
          () -> {
            synchronized (lock) {
              timed = false;
              unremoved.forEach(next::putIfSilent);
              unremoved.clear();
              startWriter();
            }
          });
    }
  }

  private void startWriter() {
    if (!writing && !next.isEmpty()) {
      writing = true;
      time.spawn("csi4j-journal-" + key.name(), this::writeAll);
    }
  }

  private void writeAll() {
    for (var batch = take(); batch != null; batch = take()) {
      write(batch);
    }
  }

  private @Nullable Batch take() {
    synchronized (lock) {
      if (next.isEmpty()) {
        current = null;
        writing = false;
        return null;
      }
      current = next;
      next = new Batch(time);
      return current;
    }
  }

  // The outermost frame of a fiber: whatever happens, those who wait are told.
  private void write(Batch batch) {
    try {
      batch.written(commit(batch));
    } catch (ApiFailure.Forbidden | CancellationException e) {
      // No right to it, or no longer the leader: nothing will change by trying again.
      lose(batch, e);
    } catch (RuntimeException e) {
      keepRemovals(batch);
      lose(batch, e);
    }
  }

  private void lose(Batch batch, RuntimeException why) {
    known = null;
    durable = Map.of();
    batch.failed(why);
  }

  private Set<String> commit(Batch batch) {
    for (var tries = 1; ; tries++) {
      try {
        var before = known != null ? known : cluster.read(ShardObject.KIND, key).orElse(null);
        var content = before == null ? ShardContent.EMPTY : before.content();
        var applied = content.apply(batch.changes());
        if (!applied.content().equals(content)) {
          before =
              before == null
                  ? cluster.create(
                      ShardObject.KIND,
                      ShardObject.create(
                          key, applied.content(), ShardObject.newTerm(time.random())))
                  : cluster.replace(ShardObject.KIND, before.with(applied.content()));
        }
        known = before;
        durable = applied.content().entries();
        return applied.refused();
      } catch (ApiFailure.Conflict | ApiFailure.AlreadyExists | ApiFailure.NotFound e) {
        // Somebody else wrote, made or deleted the object: build on what is there now.
        known = null;
        if (tries == TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  private void keepRemovals(Batch batch) {
    synchronized (lock) {
      batch
          .changes()
          .forEach(
              (entry, text) -> {
                if (text == null && !next.mentions(entry)) {
                  unremoved.add(entry);
                }
              });
      if (!unremoved.isEmpty()) {
        scheduleWriter(RETRY_DELAY);
      }
    }
  }
}
