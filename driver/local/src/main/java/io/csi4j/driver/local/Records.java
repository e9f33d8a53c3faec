package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * What is known about all things of one kind: in memory to read, in the journal to last.
 *
 * <p>The framework's locks see to it that one thing, and one name, is changed by one call at a
 * time.
 */
final class Records<R extends Journaled> {
  private final JournaledMap journal;
  private final String prefix;
  private final ConcurrentSkipListMap<String, R> byId = new ConcurrentSkipListMap<>();
  private final Map<String, String> idsByName = new ConcurrentHashMap<>();

  /**
   * @param kind the first word of the journal's keys
   */
  Records(
      JournaledMap journal, String kind, BiFunction<String, SortedMap<String, String>, R> read) {
    this.journal = journal;
    this.prefix = kind + " ";
    journal
        .entries()
        .forEach(
            (key, fields) -> {
              if (key.startsWith(prefix)) {
                remember(read.apply(key.substring(prefix.length()), fields));
              }
            });
  }

  Optional<R> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Only what callers may know about. */
  Optional<R> ready(String id) {
    return byId(id).filter(record -> record.stage() == Stage.READY);
  }

  Optional<R> byName(String name) {
    return Optional.ofNullable(idsByName.get(name)).flatMap(this::byId);
  }

  /** In the order of their IDs. */
  List<R> all() {
    return List.copyOf(byId.values());
  }

  /** What is ready and {@code wanted}, in the order of IDs, beginning behind {@code lastId}. */
  List<R> readyAfter(String lastId, int countMax, Predicate<R> wanted) {
    return byId.tailMap(lastId, false).values().stream()
        .filter(record -> record.stage() == Stage.READY)
        .filter(wanted)
        .limit(countMax)
        .toList();
  }

  void put(R record) {
    journal.put(prefix + record.id(), record.fields());
    remember(record);
  }

  void remove(R record) {
    journal.remove(prefix + record.id());
    byId.remove(record.id());
    idsByName.remove(record.name(), record.id());
  }

  private void remember(R record) {
    byId.put(record.id(), record);
    if (!record.name().isEmpty()) {
      idsByName.put(record.name(), record.id());
    }
  }
}
