package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.options.Flags;
import java.nio.file.Path;
import java.time.Duration;

/** Flags of {@code csi4j registrar}; names and defaults are those of node-driver-registrar 2.17. */
record RegistrarOptions(
    SocketAddress csiAddress, String announcedEndpoint, Path registry, Duration timeout) {

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
    flags.ignored("connection-timeout");
    flags.ignored("automaxprocs");
    flags.throwIfAnyProblem();
    return new RegistrarOptions(address, announced, Path.of(registry), timeout);
  }
}
