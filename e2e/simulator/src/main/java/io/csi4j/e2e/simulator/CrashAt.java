package io.csi4j.e2e.simulator;

import java.util.ArrayList;
import java.util.List;

/** Ends the process at the n-th moment: each effect has two, just before and just after it. */
public final class CrashAt implements Effects {
  private final int moment;
  private final List<String> history = new ArrayList<>();

  public CrashAt(int moment) {
    this.moment = moment;
  }

  /** Counts moments and ends nothing. */
  public static CrashAt never() {
    return new CrashAt(-1);
  }

  @Override
  public void before(String effect) {
    pass("before " + effect);
  }

  @Override
  public void after(String effect) {
    pass("after " + effect);
  }

  /** All moments so far. */
  public List<String> history() {
    return List.copyOf(history);
  }

  private void pass(String now) {
    history.add(now);
    if (history.size() - 1 == moment) {
      throw new Crash(now);
    }
  }
}
