package io.csi4j.e2e.simulator;

import io.csi4j.e2e.simulator.Faults.Door;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The journal as one process reaches it. An intent that was closed is on its way for a while: a
 * crash brings it back, and so does opening it anew.
 */
final class GatedJournal implements Journal {
  private static final Duration CLOSE_DELAY = Duration.ofSeconds(1);

  private final Journal journal;
  private final Gate gate;
  private final Time time;
  private final Map<String, Time.Timer> closing = new HashMap<>();

  GatedJournal(Journal journal, Gate gate, Time time) {
    this.journal = journal;
    this.gate = gate;
    this.time = time;
  }

  @Override
  public void open(Intent intent) {
    gate.life().check();
    var closed = closing.remove(intent.name());
    if (closed != null) {
      closed.cancel();
    }
    gate.api(
        Door.JOURNAL,
        "open " + intent.name(),
        () -> {
          // The next life writes to the same place, on condition that nobody else has: what an
          // earlier one has sent cannot arrive after that.
          if (!gate.life().dead()) {
            journal.open(intent);
          }
          return intent;
        });
  }

  @Override
  public void close(String name) {
    gate.life().check();
    var before =
        closing.put(
            name,
            time.after(
                CLOSE_DELAY,
                () -> {
                  closing.remove(name);
                  journal.close(name);
                }));
    if (before != null) {
      before.cancel();
    }
  }

  @Override
  public List<Intent> pending() {
    return gate.api(Door.READ, "pending intents", journal::pending);
  }
}
