package io.csi4j.e2e.sandbox.contract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much a server does in a second; the client's work is in these figures, too. */
public final class Load implements AutoCloseable {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int PAGE = 500;

  private final Place place;
  private final AtomicInteger names = new AtomicInteger();

  public Load(ServerUnderTest server) throws IOException {
    this.place = Place.open(server);
  }

  /** Creates claims from so many clients at once; returns how many were made in a second. */
  public long writesPerSecond(int clients, int count) throws Exception {
    var path = place.core("persistentvolumeclaims");
    var left = new AtomicInteger(count);
    var start = System.nanoTime();
    var work = new ArrayList<Callable<Boolean>>();
    for (var client = 0; client < clients; client++) {
      work.add(
          () -> {
            while (left.getAndDecrement() > 0) {
              place.created(path, Place.claim("c-" + names.incrementAndGet()));
            }
            return true;
          });
    }
    all(work);
    return count * NANOS_PER_SECOND / (System.nanoTime() - start);
  }

  /**
   * Creates ConfigMaps while watchers read on; returns how many events arrived in a second, from
   * the first write to the last event.
   */
  public long eventsPerSecond(int watchers, int writers, int count) throws Exception {
    var seen = new AtomicLong();
    var start = Place.version(place.newConfigMap("start"));
    var query = place.configMaps() + "?resourceVersion=" + start;
    var watches = new ArrayList<Events>();
    for (var watcher = 0; watcher < watchers; watcher++) {
      watches.add(place.caller.watch(query));
    }
    var begin = System.nanoTime();
    var left = new AtomicInteger(count);
    var work = new ArrayList<Callable<Boolean>>();
    for (var writer = 0; writer < writers; writer++) {
      work.add(
          () -> {
            while (left.getAndDecrement() > 0) {
              place.newConfigMap("w-" + names.incrementAndGet());
            }
            return true;
          });
    }
    for (var watch : watches) {
      work.add(
          () -> {
            for (var event = 0; event < count; event++) {
              watch.awaitLine();
              seen.incrementAndGet();
            }
            return true;
          });
    }
    all(work);
    var nanos = System.nanoTime() - begin;
    for (var watch : watches) {
      watch.close();
    }
    return seen.get() * NANOS_PER_SECOND / nanos;
  }

  /** Reads all claims page by page; returns how many there are. */
  public int listAll() throws IOException {
    var count = 0;
    var next = "";
    do {
      var page =
          place.caller.get(
              "/api/v1/persistentvolumeclaims?limit=%d&continue=%s".formatted(PAGE, next));
      count += page.body().path("items").size();
      next = page.text("/metadata/continue");
    } while (!next.isEmpty());
    return count;
  }

  private static void all(List<? extends Callable<Boolean>> work)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> done : threads.invokeAll(work)) {
        done.get();
      }
    }
  }

  @Override
  public void close() throws IOException {
    place.close();
  }
}
