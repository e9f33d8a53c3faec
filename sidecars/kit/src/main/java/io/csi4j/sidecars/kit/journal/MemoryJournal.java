package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Intents in memory: lost with the process, or kept by a test that gives it to the next life. */
public final class MemoryJournal implements Journal {

  /** Guarded by itself. */
  private final Map<String, Intent> open = new LinkedHashMap<>();

  @Override
  public void open(Intent intent) {
    synchronized (open) {
      open.put(intent.name(), intent);
    }
  }

  @Override
  public void close(String name) {
    synchronized (open) {
      open.remove(name);
    }
  }

  @Override
  public List<Intent> pending() {
    synchronized (open) {
      return List.copyOf(open.values());
    }
  }
}
