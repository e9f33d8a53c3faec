package io.csi4j.e2e.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Objects under one lock and one revision counter, as etcd has it. A write is a function from what
 * is there to what shall be there, so that reading, checking and writing are one step.
 *
 * <p>Invariants: revisions only grow; every revision belongs to one change of one object; an entry
 * never changes; whoever knows a revision that is not below a shelf's floor can be told everything
 * since.
 */
public final class Store {
  /** As if a cluster had been set up before: no client may take an early revision for "nothing". */
  private static final long FIRST_REVISION = 100;

  private final ReentrantLock lock = new ReentrantLock();
  private final int logChangesMax;

  /** Guarded by the lock. */
  private final Map<String, Shelf> shelves = new HashMap<>();

  /** Guarded by the lock. */
  private long revision = FIRST_REVISION;

  /** Called under the lock, in the order of revisions: they must be quick and not write. */
  private final List<Consumer<Change>> observers = new CopyOnWriteArrayList<>();

  public Store(int logChangesMax) {
    this.logChangesMax = logChangesMax;
  }

  /** The key of an object; the namespace is empty for kinds without one. */
  public static String key(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** What all keys of a namespace begin with; empty for all namespaces. */
  public static String prefix(String namespace) {
    return namespace.isEmpty() ? "" : namespace + "/";
  }

  public void observe(Consumer<Change> observer) {
    observers.add(observer);
  }

  public Optional<Entry> get(String shelf, String key) {
    lock.lock();
    try {
      return Optional.ofNullable(shelf(shelf).get(key));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads, decides and writes in one step. The function runs under the lock: it may read the store,
   * and must neither wait nor write.
   *
   * @return the change, or nothing where the function chose to keep what is there
   */
  public Optional<Change> write(
      String shelf, String key, Function<@Nullable Entry, Transition> decide) {
    lock.lock();
    try {
      var before = shelf(shelf).get(key);
      return switch (decide.apply(before)) {
        case Transition.Keep() -> Optional.empty();
        case Transition.Put(var object) ->
            Optional.of(
                commit(
                    before == null ? Change.Type.ADDED : Change.Type.MODIFIED, shelf, key, object));
        case Transition.Remove(var last) ->
            before == null
                ? Optional.empty()
                : Optional.of(commit(Change.Type.DELETED, shelf, key, last));
      };
    } finally {
      lock.unlock();
    }
  }

  private Change commit(Change.Type type, String shelf, String key, ObjectNode object) {
    revision++;
    Json.child(object, "metadata").put("resourceVersion", Long.toString(revision));
    var before = shelf(shelf).get(key);
    var change = new Change(type, shelf, key, before, new Entry(object, revision));
    shelf(shelf).record(change);
    observers.forEach(observer -> observer.accept(change));
    return change;
  }

  /** A page of a list. */
  public Page list(String shelf, Range range) {
    lock.lock();
    try {
      var place = shelf(shelf);
      var at = range.revision() == 0 ? revision : range.revision();
      if (at > revision) {
        throw ApiFailure.tooLargeVersion(at, revision);
      }
      if (at < revision && !place.remembers(at)) {
        throw ApiFailure.expired(
            "The provided continue parameter is too old to display a consistent list result. You"
                + " must start a new list without the continue parameter.");
      }
      var all = at == revision ? place.now(range.prefix()) : place.at(at, range.prefix());
      var from = range.afterKey().isEmpty() ? all : all.tailMap(range.afterKey(), false);
      return Page.of(from, range, at);
    } finally {
      lock.unlock();
    }
  }

  /** Everything of a kind, for those inside. */
  public List<Entry> all(String shelf) {
    lock.lock();
    try {
      return new ArrayList<>(shelf(shelf).now("").values());
    } finally {
      lock.unlock();
    }
  }

  public long revision() {
    lock.lock();
    try {
      return revision;
    } finally {
      lock.unlock();
    }
  }

  public int size(String shelf) {
    lock.lock();
    try {
      return shelf(shelf).size();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what happened so far: older watches and lists get 410. */
  public void compact() {
    lock.lock();
    try {
      shelves.values().forEach(shelf -> shelf.compact(revision));
    } finally {
      lock.unlock();
    }
  }

  /** Lets all watches look whether they go on. */
  public void wakeWatches() {
    lock.lock();
    try {
      shelves.values().forEach(shelf -> shelf.grown().signalAll());
    } finally {
      lock.unlock();
    }
  }

  /** Changes of a kind after the revision; see {@link Watch}. */
  public Watch watch(String shelf, long afterRevision) {
    lock.lock();
    try {
      return new Watch(lock, shelf(shelf), this::revision, afterRevision);
    } finally {
      lock.unlock();
    }
  }

  private Shelf shelf(String name) {
    return shelves.computeIfAbsent(
        name, _ -> new Shelf(revision, logChangesMax, lock.newCondition()));
  }
}
