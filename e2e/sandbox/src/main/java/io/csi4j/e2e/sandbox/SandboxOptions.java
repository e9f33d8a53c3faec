package io.csi4j.e2e.sandbox;

import io.csi4j.e2e.sandbox.clock.Surroundings;
import io.csi4j.e2e.sandbox.housekeeping.Duty;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a sandbox is made.
 *
 * @param port 0 for a free one
 * @param logChangesMax of how many changes of a kind watches can be told; who is further behind
 *     gets 410
 * @param traceLinesMax how many writes the trace remembers, at most
 * @param bookmarkEvery how often a watch that wants bookmarks gets one
 * @param duties what of kube-controller-manager's work the sandbox does itself
 */
public record SandboxOptions(
    int port,
    int logChangesMax,
    int traceLinesMax,
    Duration bookmarkEvery,
    Set<Duty> duties,
    Surroundings surroundings) {
  private static final int LOG_CHANGES_MAX = 20_000;
  private static final int TRACE_LINES_MAX = 50_000;

  public SandboxOptions {
    duties = Set.copyOf(duties);
  }

  public static SandboxOptions usual() {
    return new SandboxOptions(
        0,
        LOG_CHANGES_MAX,
        TRACE_LINES_MAX,
        Duration.ofMinutes(1),
        EnumSet.allOf(Duty.class),
        Surroundings.ofMachine());
  }

  public SandboxOptions withPort(int newPort) {
    return new SandboxOptions(
        newPort, logChangesMax, traceLinesMax, bookmarkEvery, duties, surroundings);
  }

  public SandboxOptions withBookmarkEvery(Duration pause) {
    return new SandboxOptions(port, logChangesMax, traceLinesMax, pause, duties, surroundings);
  }

  public SandboxOptions withDuties(Set<Duty> some) {
    return new SandboxOptions(
        port, logChangesMax, traceLinesMax, bookmarkEvery, some, surroundings);
  }
}
