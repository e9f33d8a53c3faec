package io.csi4j.sidecars.kit.health;

import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;

/** Whether a process does what it is there for, and if not, what it waits for. */
public final class Readiness {
  private static final int OK = 200;
  private static final int NOT_READY = 503;

  private volatile Answer answer = Answer.text(NOT_READY, "starting");

  public void waitsFor(String what) {
    answer = Answer.text(NOT_READY, "waiting for " + what);
  }

  /** {@code how} says in a word what it does: leading, standby, serving. */
  public void ready(String how) {
    answer = Answer.text(OK, how);
  }

  public Answer answer() {
    return answer;
  }
}
