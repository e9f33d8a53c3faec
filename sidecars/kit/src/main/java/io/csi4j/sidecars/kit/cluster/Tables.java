package io.csi4j.sidecars.kit.cluster;

import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Resource;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.doors.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One table of each kind that is asked for, for all that look at the cluster through one door. */
final class Tables implements AutoCloseable {
  private final ApiServer server;
  private final Time time;

  // All below are guarded by this.
  private final Map<Kind<?>, MemoryTable<?>> tables = new LinkedHashMap<>();
  private final List<Reflector<?>> reflectors = new ArrayList<>();

  /** How many of them fill their tables already. */
  private int started;

  Tables(ApiServer server, Time time) {
    this.server = server;
    this.time = time;
  }

  synchronized <T extends Resource> Table<T> of(Kind<T> kind, List<Table.Index<T>> indexes) {
    var known = known(kind);
    if (known != null) {
      known.alsoBy(indexes);
      return known;
    }
    var table = new MemoryTable<T>(indexes);
    tables.put(kind, table);
    reflectors.add(new Reflector<>(server, kind, table, time));
    return table;
  }

  synchronized void start() {
    for (var reflector : reflectors.subList(started, reflectors.size())) {
      reflector.start();
    }
    started = reflectors.size();
  }

  void awaitSynced() throws InterruptedException {
    for (var reflector : all()) {
      reflector.synced().await();
    }
  }

  /** Shows at once what was written. */
  <T extends Resource> void refresh(Kind<T> kind, T written) {
    var table = known(kind);
    if (table != null) {
      table.refresh(written);
    }
  }

  // The map files each table under its own kind, so the cast cannot fail.
  @SuppressWarnings("unchecked")
  private synchronized <T extends Resource> @Nullable MemoryTable<T> known(Kind<T> kind) {
    return (MemoryTable<T>) tables.get(kind);
  }

  private synchronized List<Reflector<?>> all() {
    return List.copyOf(reflectors);
  }

  @Override
  public void close() {
    all().forEach(Reflector::close);
  }
}
