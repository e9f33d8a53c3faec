package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.time.Duration;

/** How the driver is asked; names and defaults are those of livenessprobe 2.19. */
record LivenessOptions(SocketAddress csiAddress, Duration probeTimeout, Mode mode) {

  /** What the program is run for. */
  enum Mode {
    /** Answer over HTTP until told to end. */
    SERVE,
    /** Ask once and say it by the exit code: for an exec probe. */
    CHECK_ONCE
  }

  static LivenessOptions from(Flags flags) {
    var address = flags.address("csi-address", "/run/csi/socket", "socket of the CSI driver");
    var once =
        flags.truth(
            "check", Presence.OFF, "asks once and ends, with exit code 0 if the driver is well");
    return new LivenessOptions(address, probeTimeout(flags), once ? Mode.CHECK_ONCE : Mode.SERVE);
  }

  static Duration probeTimeout(Flags flags) {
    var timeout =
        flags.duration(
            "probe-timeout", Duration.ofSeconds(3), "limit of each Probe, connecting included");
    flags.require(!timeout.isZero(), "probe-timeout", "longer than 0 (default 3s)");
    return timeout;
  }
}
