package io.csi4j.sidecars.kit.csi;

import io.csi4j.sidecars.kit.doors.Code;
import java.util.Set;

/** The driver answered in a way that no driver may, so that there is nothing to work with. */
public final class DriverFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Set<Code> PASSING =
      Set.of(Code.UNAVAILABLE, Code.CANCELED, Code.DEADLINE_EXCEEDED);

  private final boolean passing;

  public DriverFault(String message) {
    this(message, Code.UNKNOWN);
  }

  DriverFault(String message, Code code) {
    super(message);
    passing = PASSING.contains(code);
  }

  /** Whether the driver was just away: asking again may help. */
  public boolean passing() {
    return passing;
  }
}
