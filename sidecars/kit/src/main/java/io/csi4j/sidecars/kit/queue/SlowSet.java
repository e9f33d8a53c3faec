package io.csi4j.sidecars.kit.queue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.Optional;

/**
 * Keys that are not to be hurried for a while, each with the reason's identity at the time: of
 * several adds the first counts, until its time is over. Bounded: beyond {@code keysMax} the least
 * recently used ones are hurried again, which costs calls and no correctness.
 */
public final class SlowSet<K, V> {
  private final Duration retention;
  private final Time time;
  private final Cache<K, Entry<V>> entries;

  public SlowSet(Duration retention, int keysMax, Time time) {
    this.retention = retention;
    this.time = time;
    this.entries =
        Caffeine.newBuilder()
            .expireAfterWrite(retention)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .maximumSize(keysMax)
            .build();
  }

  /** Whether it is new. */
  public boolean add(K key, V value) {
    return entries.asMap().putIfAbsent(key, new Entry<>(value, time.nanos())) == null;
  }

  public void remove(K key) {
    entries.invalidate(key);
  }

  /** What was given with the key, while its time is not over. */
  public Optional<V> get(K key) {
    return Optional.ofNullable(entries.getIfPresent(key)).map(Entry::value);
  }

  /** Zero where the key is not slow. */
  public Duration remaining(K key) {
    var entry = entries.getIfPresent(key);
    return entry == null ? Duration.ZERO : retention.minusNanos(time.nanos() - entry.sinceNanos());
  }

  private record Entry<V>(V value, long sinceNanos) {}
}
