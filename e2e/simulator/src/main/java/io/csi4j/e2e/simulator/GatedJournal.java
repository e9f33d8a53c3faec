package io.csi4j.e2e.simulator;

import io.csi4j.e2e.simulator.Faults.Door;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * The journal as one process reaches it. An intent that was closed is on its way for a while: a
 * crash brings it back, and so does opening it anew.
 */
final class GatedJournal implements Journal {
  private static final Duration CLOSE_DELAY = Duration.ofSeconds(1);

  private final Journal journal;
  private final Gate gate;
  private final Time time;
  private final Consumer<String> fence;
  private final Map<String, Time.Timer> closing = new HashMap<>();

  /** {@code fence} throws where this process may write no more. */
  GatedJournal(Journal journal, Gate gate, Time time, Consumer<String> fence) {
    this.journal = journal;
    this.gate = gate;
    this.time = time;
    this.fence = fence;
  }

  @Override
  public void open(Intent intent) {
    gate.life().check();
    fence.accept("open " + intent.name());
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
          if (mayWrite()) {
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
                  if (mayWrite()) {
                    journal.close(name);
                  }
                }));
    if (before != null) {
      before.cancel();
    }
  }

  private boolean mayWrite() {
    try {
      fence.accept("write intents");
      return !gate.life().dead();
    } catch (CancellationException _) {
      return false;
    }
  }

  @Override
  public List<Intent> pending() {
    return gate.api(Door.READ, "pending intents", journal::pending);
  }
}
