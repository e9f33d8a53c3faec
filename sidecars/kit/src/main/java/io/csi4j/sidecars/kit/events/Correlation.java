package io.csi4j.sidecars.kit.events;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.csi4j.sidecars.kit.pacing.TokenBucket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Decides what becomes of each event, by what came before: three memories, asked in the Go tools'
 * order.
 *
 * <p><i>Aggregation</i>: when one reason was given in many different words within the window,
 * further words go into one event. <i>Counting</i>: the same words again raise the count of the
 * object that has them. <i>Spam</i>: about one object, there is a burst of each type and then very
 * little. A dropped event has still been counted, so the next one that passes tells the truth.
 *
 * <p>Used by one fiber at a time. Each memory is bounded; forgetting costs a duplicate object.
 */
final class Correlation {
  private static final int REMEMBERED_MAX = 4096;
  private static final int WORDINGS_MAX = 10;
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int BURST = 25;
  private static final Duration REFILL = Duration.ofMinutes(5);
  private static final String AGGREGATED = "(combined from similar events): ";

  private final Cache<Similar, Wordings> wordings = memory();
  private final Cache<Wording, Entry> entries = memory();
  private final Cache<Budget, TokenBucket> budgets = memory();
  private final BiFunction<Involved, Instant, String> names;

  /** The name is for a new object about another, made at this time. */
  Correlation(BiFunction<Involved, Instant, String> names) {
    this.names = names;
  }

  /** All that similar events have in common. */
  private record Similar(String about, String uid, Event.Type type, String reason) {}

  /** Similar events in the same words; without words for those that were combined. */
  private record Wording(Similar similar, String fieldPath, String message) {}

  /** Whom spam is counted against. */
  private record Budget(String about, String uid, Event.Type type) {}

  /** Different messages, and when the last one came. */
  private record Wordings(Set<String> messages, long lastNanos) {}

  EventStep correlate(Event event, Instant now, long nowNanos) {
    var similar = new Similar(identity(event), event.about().uid(), event.type(), event.reason());
    var entry =
        tooManyWordings(similar, event, nowNanos)
            ? count(
                new Wording(similar, "", ""), event.withMessage(AGGREGATED + event.message()), now)
            : count(new Wording(similar, event.about().fieldPath(), event.message()), event, now);
    var budget =
        budgets.get(
            new Budget(identity(event), event.about().uid(), event.type()),
            _ -> new TokenBucket(REFILL, BURST));
    if (!budget.tryTake(nowNanos)) {
      return new EventStep.Drop();
    }
    return entry.isNew() ? new EventStep.Create(entry) : new EventStep.Count(entry);
  }

  private boolean tooManyWordings(Similar similar, Event event, long nowNanos) {
    var messages = messagesOf(similar, nowNanos);
    // One below the limit is kept, so that a known wording is still told from one more.
    var another = !messages.contains(event.message()) && messages.size() >= WORDINGS_MAX - 1;
    if (!another) {
      messages.add(event.message());
    }
    wordings.put(similar, new Wordings(messages, nowNanos));
    return another;
  }

  private Set<String> messagesOf(Similar similar, long nowNanos) {
    var known = wordings.getIfPresent(similar);
    return known == null || Duration.ofNanos(nowNanos - known.lastNanos()).compareTo(WINDOW) > 0
        ? new HashSet<>()
        : known.messages();
  }

  private Entry count(Wording key, Event event, Instant now) {
    var known = entries.getIfPresent(key);
    var entry =
        known == null
            ? new Entry(event, nameOf(event, now), 1, now, now)
            : new Entry(event, known.name(), known.count() + 1, known.first(), now);
    entries.put(key, entry);
    return entry;
  }

  private String nameOf(Event event, Instant now) {
    return event.name().isEmpty() ? names.apply(event.about(), now) : event.name();
  }

  private static String identity(Event event) {
    var about = event.about();
    return about.apiVersion() + " " + about.kind() + " " + about.key();
  }

  // The maintenance of such small caches needs no thread, and nothing in them ages by itself.
  private static <K, V> Cache<K, V> memory() {
    return Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).executor(Runnable::run).build();
  }
}
