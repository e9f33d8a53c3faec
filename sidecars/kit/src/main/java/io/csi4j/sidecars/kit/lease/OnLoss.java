package io.csi4j.sidecars.kit.lease;

/** What losing the lease does to the process. */
public enum OnLoss {
  /** The work ends, and the process is a candidate again. */
  STEP_DOWN,
  /** The process ends, as the Go tools do. */
  EXIT
}
