package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flags of {@code csi4j registrar}; names and defaults are those of node-driver-registrar 2.17,
 * which has no {@code --wait-for-driver}, {@code --wait-for-ready}, {@code --reregister-on-change}
 * and {@code --keep-socket-on-exit}.
 *
 * @param probeOnly the old mode that only looked for a file, and by now does nothing
 */
record RegistrarOptions(DriverSide driver, KubeletSide kubelet, boolean probeOnly) {
  private static final Logger log = LoggerFactory.getLogger(RegistrarOptions.class);

  /**
   * How the driver is met.
   *
   * @param patience after so long without a driver the registrar gives up; zero never does
   * @param untilReady whether a driver is waited for that answers, and is not ready for its node
   */
  record DriverSide(
      SocketAddress address, Duration timeout, Duration patience, boolean untilReady) {}

  /**
   * What kubelet sees.
   *
   * @param endpoint the driver's socket as kubelet sees it; never opened here
   * @param renewOnChange whether a driver that came back as another is registered anew
   * @param keepOnExit whether the socket stays when the registrar ends, so that a driver that is
   *     replaced in a moment stays registered
   */
  record KubeletSide(String endpoint, Path registry, boolean renewOnChange, boolean keepOnExit) {}

  /** Reads all but where the driver's socket is. */
  static RegistrarOptions from(Flags flags, SocketAddress address) {
    var endpoint =
        flags.requiredText(
            "kubelet-registration-path", "path of the driver's socket as kubelet sees it");
    var mode = flags.text("mode", "", "kubelet-registration-probe ends at once; for old manifests");
    flags
        .deprecated("connection-timeout")
        .ifPresent(
            value ->
                log.atWarn()
                    .addKeyValue("option", "connection-timeout")
                    .addKeyValue("value", value)
                    .log("an option is deprecated and has no effect"));
    flags.ignored("enable-pprof");
    return new RegistrarOptions(
        driverSide(flags, address),
        kubeletSide(flags, endpoint),
        mode.equals("kubelet-registration-probe"));
  }

  private static DriverSide driverSide(Flags flags, SocketAddress address) {
    var timeout =
        flags.duration("timeout", Duration.ofSeconds(1), "limit of each call to the driver");
    flags.require(!timeout.isZero(), "timeout", "longer than 0 (default 1s)");
    var patience =
        flags.duration(
            "wait-for-driver",
            Duration.ZERO,
            "ends with exit code 1 if the driver cannot be met for so long; 0 waits for ever, the"
                + " upstream sidecar gives up after 30s");
    var untilReady =
        flags.truth(
            "wait-for-ready",
            Presence.OFF,
            "registers only when the driver's Probe and NodeGetInfo succeed");
    return new DriverSide(address, timeout, patience, untilReady);
  }

  private static KubeletSide kubeletSide(Flags flags, String endpoint) {
    var registry =
        flags.text(
            "plugin-registration-path",
            "/registration",
            "kubelet's plugin registry, where the registration socket is made");
    flags.require(
        registry.startsWith("/"), "plugin-registration-path", "an absolute path of a folder");
    var renew =
        flags.truth(
            "reregister-on-change",
            Presence.OFF,
            "registers anew when the driver comes back with another name, node ID, topology or"
                + " limit");
    var keep =
        flags.truth(
            "keep-socket-on-exit",
            Presence.OFF,
            "leaves the socket when told to end, so that the node keeps its CSINode entry while the"
                + " driver is replaced");
    return new KubeletSide(endpoint, Path.of(registry), renew, keep);
  }
}
