package io.csi4j.e2e.simulator;

/**
 * The end of a process in the middle of something. No controller catches it: it is no failure that
 * one could handle.
 */
public final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  /** Without a stack: a simulation dies a million times. */
  public Crash(String where) {
    super(where, null, false, false);
  }
}
