package io.csi4j.e2e.simulator.baton;

import io.csi4j.e2e.simulator.Crash;
import java.util.ArrayList;
import java.util.List;

/**
 * The life of one process: fibers and timers that end together. What has died does nothing any
 * more: its fibers unwind by {@link Crash} when they would run next, its timers never fire.
 */
public final class Life {
  private final String name;

  // Belong to whoever has the baton.
  private final List<Fiber> fibers = new ArrayList<>();
  private boolean dead;

  Life(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public boolean dead() {
    return dead;
  }

  /** Every door asks first: the code of a dead process runs on only to unwind. */
  public void check() {
    if (dead) {
      throw new Crash(name);
    }
  }

  void add(Fiber fiber) {
    fibers.add(fiber);
  }

  void remove(Fiber fiber) {
    fibers.remove(fiber);
  }

  List<Fiber> fibers() {
    return List.copyOf(fibers);
  }

  List<Fiber> end() {
    dead = true;
    return List.copyOf(fibers);
  }

  @Override
  public String toString() {
    return name;
  }
}
