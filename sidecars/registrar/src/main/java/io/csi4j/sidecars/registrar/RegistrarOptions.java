package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.options.Flags;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Flags of {@code csi4j registrar}; names and defaults are those of node-driver-registrar 2.17.
 *
 * @param probeOnly the old mode that only looked for a file, and by now does nothing
 */
record RegistrarOptions(
    SocketAddress csiAddress,
    String announcedEndpoint,
    Path registry,
    Duration timeout,
    Optional<ListenAddress> http,
    boolean probeOnly) {
  private static final int PORT_MAX = 65_535;

  static RegistrarOptions from(Flags flags) {
    var address = flags.address("csi-address", "/run/csi/socket", "socket of the CSI driver");
    var announced =
        flags.requiredText(
            "kubelet-registration-path", "path of the driver's socket as kubelet sees it");
    var registry =
        flags.text(
            "plugin-registration-path",
            "/registration",
            "kubelet's plugin registry, where the registration socket is made");
    flags.require(
        registry.startsWith("/"), "plugin-registration-path", "an absolute path of a folder");
    var timeout =
        flags.duration("timeout", Duration.ofSeconds(1), "limit of each call to the driver");
    flags.require(!timeout.isZero(), "timeout", "longer than 0 (default 1s)");
    var endpoint =
        flags.listenAddress("http-endpoint", "serves /healthz and /readyz; off if empty");
    var port = flags.count("health-port", 0, "serves health on this port; use --http-endpoint");
    flags.require(port <= PORT_MAX, "health-port", "a port (default 0, none)");
    var mode = flags.text("mode", "", "kubelet-registration-probe ends at once; for old manifests");
    flags.ignored("connection-timeout");
    flags.ignored("enable-pprof");
    flags.ignored("automaxprocs");
    flags.throwIfAnyProblem();
    if (endpoint.isPresent() && port > 0) {
      throw new Fatal("only one of --http-endpoint and --health-port can be given");
    }
    return new RegistrarOptions(
        address,
        announced,
        Path.of(registry),
        timeout,
        port > 0 ? Optional.of(new ListenAddress("", port)) : endpoint,
        mode.equals("kubelet-registration-probe"));
  }
}
