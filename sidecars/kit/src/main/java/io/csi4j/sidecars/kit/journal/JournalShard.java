package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.pacing.TokenBucket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of one ConfigMap. While a write is under way, all that comes joins the next
 * batch. A batch that is small waits a little for company, unless there were few writes of late: so
 * a lone intent is written at once, and many cost far less than one write each.
 */
final class JournalShard {
  /** A write takes milliseconds; whoever waits this long has lost the server. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  /** With so many waiting, a write is worth its while at once. */
  private static final int COMPANY = 16;

  /** How long fewer than that wait for company after the last write began. */
  private static final Duration PACE = Duration.ofMillis(200);

  /** So many writes, and then one more now and then, do not wait. */
  private static final int AT_ONCE = 8;

  private static final Duration AT_ONCE_AGAIN = Duration.ofSeconds(1);

  /** How long a closed intent waits for others. */
  private static final Duration CLOSE_DELAY = Duration.ofSeconds(1);

  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final Time time;
  private final ShardWriter writer;
  private final long bytesMax;

  private final Object lock = new Object();

  // All below are guarded by lock.
  private final TokenBucket atOnce = new TokenBucket(AT_ONCE_AGAIN, AT_ONCE);
  private long begunNanos;
  private Batch next;
  private @Nullable Batch current;
  private boolean writing;

  /** When removals are to be written at the latest. */
  private long removalsDueNanos;

  private Time.@Nullable Timer timer;
  private long timerDueNanos;
  private Map<String, String> durable = Map.of();
  private long durableBytes;

  /** What the object may hold while it is not known what it holds. */
  private final Set<String> suspected = new HashSet<>();

  JournalShard(Time time, ShardWriter writer, long bytesMax) {
    this.time = time;
    this.writer = writer;
    this.bytesMax = bytesMax;
    this.next = new Batch(time);
    this.begunNanos = time.nanos() - PACE.toNanos();
  }

  /** Whether the entry is here, may be, or is about to be. */
  boolean mayHold(String entry) {
    synchronized (lock) {
      return durable.containsKey(entry)
          || suspected.contains(entry)
          || next.mentions(entry)
          || (current != null && current.mentions(entry));
    }
  }

  /** Whether it would fit, by all that is known. */
  boolean hasRoom(String entry, String text) {
    synchronized (lock) {
      var underWay = next.bytes() + (current == null ? 0 : current.bytes());
      return durableBytes + underWay + ShardContent.bytes(entry, text) <= bytesMax;
    }
  }

  /** Returns when the text is durable under its key. */
  void put(String entry, String text) {
    Batch mine;
    synchronized (lock) {
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
      removalsWithin(CLOSE_DELAY);
      next.put(entry, null);
      startWriter();
    }
  }

  /** As {@link ShardWriter#takeOver}. */
  Map<String, String> takeOver() {
    var content = writer.takeOver();
    synchronized (lock) {
      suspected.addAll(content.entries().keySet());
      durableBytes = content.bytes();
    }
    return content.entries();
  }

  private boolean isDurable(String entry, String text) {
    return text.equals(durable.get(entry))
        && !next.mentions(entry)
        && (current == null || !current.mentions(entry));
  }

  private void removalsWithin(Duration delay) {
    var due = time.nanos() + delay.toNanos();
    if (next.isEmpty() || due - removalsDueNanos < 0) {
      removalsDueNanos = due;
    }
  }

  private void startWriter() {
    if (begins()) {
      time.spawn("csi4j-journal", this::writeAll);
    }
  }

  /** Whether to write now; where not, it is asked again when the time has come. */
  private boolean begins() {
    if (writing || next.isEmpty()) {
      return false;
    }
    var wait = patience();
    writing = wait.isZero() || wait.isNegative();
    if (writing) {
      begunNanos = time.nanos();
    } else {
      wakeIn(wait);
    }
    return writing;
  }

  private Duration patience() {
    var now = time.nanos();
    if (next.waiters() == 0) {
      return Duration.ofNanos(removalsDueNanos - now);
    }
    var wait = begunNanos + PACE.toNanos() - now;
    return next.waiters() >= COMPANY || wait <= 0 || atOnce.tryTake(now)
        ? Duration.ZERO
        : Duration.ofNanos(wait);
  }

  private void wakeIn(Duration wait) {
    var due = time.nanos() + wait.toNanos();
    if (timer != null) {
      if (timerDueNanos - due <= 0) {
        return;
      }
      timer.cancel();
    }
    timerDueNanos = due;
    timer = time.after(wait, this::wake);
  }

  private void wake() {
    synchronized (lock) {
      timer = null;
      startWriter();
    }
  }

  private void writeAll() {
    do {
      write(take());
    } while (goesOn());
  }

  private Batch take() {
    synchronized (lock) {
      var taken = next;
      current = taken;
      next = new Batch(time);
      return taken;
    }
  }

  private boolean goesOn() {
    synchronized (lock) {
      current = null;
      writing = false;
      return begins();
    }
  }

  // The outermost frame of a fiber: whatever happens, those who wait are told.
  private void write(Batch batch) {
    try {
      var applied = writer.commit(batch.changes());
      learn(applied.content());
      batch.written(applied.refused());
    } catch (ApiFailure.Forbidden | CancellationException e) {
      // No right to it, or no longer the leader: nothing will change by trying again.
      lose(batch, e);
    } catch (RuntimeException e) {
      keepRemovals(batch);
      lose(batch, e);
    }
  }

  private void lose(Batch batch, RuntimeException why) {
    synchronized (lock) {
      suspected.addAll(durable.keySet());
      suspected.addAll(batch.changes().keySet());
      durable = Map.of();
    }
    batch.failed(why);
  }

  private void learn(ShardContent content) {
    synchronized (lock) {
      durable = content.entries();
      durableBytes = content.bytes();
      suspected.clear();
    }
  }

  /** Nobody will ask for them again. */
  private void keepRemovals(Batch batch) {
    synchronized (lock) {
      batch
          .changes()
          .forEach(
              (entry, text) -> {
                if (text == null) {
                  removalsWithin(RETRY_DELAY);
                  next.putIfSilent(entry);
                }
              });
    }
  }
}
