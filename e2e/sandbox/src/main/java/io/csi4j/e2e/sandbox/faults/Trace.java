package io.csi4j.e2e.sandbox.faults;

import io.csi4j.e2e.sandbox.store.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All writes in the order in which they took effect. Refused ones are there, too, where they were
 * refused.
 */
public final class Trace {

  /**
   * One write.
   *
   * @param code the HTTP status that the client got, or would have got before an injected fault
   * @param change missing where nothing changed
   */
  public record Line(long number, Instant at, WriteCall call, int code, Optional<Change> change) {}

  private final ArrayList<Line> lines = new ArrayList<>();
  private final List<Consumer<Line>> listeners = new CopyOnWriteArrayList<>();
  private final int linesMax;
  private long number;

  public Trace(int linesMax) {
    this.linesMax = linesMax;
  }

  /** Called for every line while the write holds the store: be quick, and do not write. */
  public void listen(Consumer<Line> listener) {
    listeners.add(listener);
  }

  public synchronized List<Line> lines() {
    return List.copyOf(lines);
  }

  public synchronized void clear() {
    lines.clear();
  }

  public synchronized void add(Instant at, WriteCall call, int code, Optional<Change> change) {
    var line = new Line(++number, at, call, code, change);
    if (lines.size() == linesMax) {
      // Half at once: taking the first of a long list each time would cost more than the write.
      lines.subList(0, linesMax / 2).clear();
    }
    lines.add(line);
    listeners.forEach(listener -> listener.accept(line));
  }
}
