package io.csi4j.e2e.sandbox;

import io.csi4j.e2e.sandbox.clock.Surroundings;
import java.time.Duration;

/**
 * How a sandbox is made.
 *
 * @param port 0 for a free one
 * @param logChangesMax of how many changes of a kind watches can be told; who is further behind
 *     gets 410
 * @param bookmarkEvery how often a watch that wants bookmarks gets one
 * @param housekeeping whether the sandbox does the parts of kube-controller-manager that belong to
 *     the API: garbage collection, protection finalizers, namespaces
 */
public record SandboxOptions(
    int port,
    int logChangesMax,
    Duration bookmarkEvery,
    Housekeeping housekeeping,
    Surroundings surroundings) {
  private static final int LOG_CHANGES_MAX = 100_000;

  /** Who removes protection finalizers and dependants. */
  public enum Housekeeping {
    ON,
    OFF
  }

  public static SandboxOptions usual() {
    return new SandboxOptions(
        0, LOG_CHANGES_MAX, Duration.ofMinutes(1), Housekeeping.ON, Surroundings.ofMachine());
  }

  public SandboxOptions withPort(int newPort) {
    return new SandboxOptions(newPort, logChangesMax, bookmarkEvery, housekeeping, surroundings);
  }

  public SandboxOptions withBookmarkEvery(Duration pause) {
    return new SandboxOptions(port, logChangesMax, pause, housekeeping, surroundings);
  }

  public SandboxOptions withHousekeeping(Housekeeping who) {
    return new SandboxOptions(port, logChangesMax, bookmarkEvery, who, surroundings);
  }
}
