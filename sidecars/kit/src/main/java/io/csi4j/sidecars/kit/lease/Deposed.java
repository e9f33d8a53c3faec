package io.csi4j.sidecars.kit.lease;

import java.util.concurrent.CancellationException;

/** Thrown in place of a write after leadership was lost: whatever wanted to write ends here. */
public final class Deposed extends CancellationException {
  private static final long serialVersionUID = 1L;

  Deposed(String what) {
    super(what + ": not done, because this process no longer leads");
  }
}
