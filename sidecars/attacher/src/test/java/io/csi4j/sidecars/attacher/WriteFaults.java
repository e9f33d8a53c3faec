package io.csi4j.sidecars.attacher;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lets chosen effects fail before they happen, a number of times each, and remembers all. */
final class WriteFaults implements Effects {

  /** More than any test needs: time stands still while a key goes in circles. */
  private static final int EFFECTS_MAX = 1000;

  private final Map<String, Integer> failuresLeft = new HashMap<>();
  private boolean serverAway;
  private boolean writesAway;
  private final List<String> history = new ArrayList<>();

  /** The API server forbids it this many times. */
  void forbid(String effect, int times) {
    failuresLeft.put(effect, times);
  }

  /** The API server cannot be reached, or can again. */
  void serverAway(boolean away) {
    serverAway = away;
  }

  /** The API server answers to who reads only. */
  void writesFail() {
    writesAway = true;
  }

  /** Every effect that was tried, the forbidden ones too. */
  List<String> history() {
    return List.copyOf(history);
  }

  @Override
  public void before(String effect) {
    history.add(effect);
    if (history.size() > EFFECTS_MAX) {
      throw new AssertionError("no end to it; last of all: " + effect);
    }
    if (!effect.startsWith("Controller")) {
      reach(effect, serverAway || writesAway);
    }
    var left = failuresLeft.getOrDefault(effect, 0);
    if (left > 0) {
      failuresLeft.put(effect, left - 1);
      throw new ApiFailure.Forbidden(effect + ": not today");
    }
  }

  @Override
  public void after(String effect) {}

  @Override
  public void reading(String what) {
    reach(what, serverAway);
  }

  private static void reach(String what, boolean away) {
    if (away) {
      throw new ApiFailure.Unreachable(what + ": connection refused", null);
    }
  }
}
