package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.Optional;

/** Where the registrar listens if it runs alone; nowhere by default. */
final class RegistrarListening {
  private static final int PORT_MAX = 65_535;

  private RegistrarListening() {}

  /** Reads the last flags, and reports all mistakes. */
  static Optional<ListenAddress> from(Flags flags) {
    var endpoint =
        flags.listenAddress("http-endpoint", "serves /healthz, /readyz and /metrics; off if empty");
    var port = flags.count("health-port", 0, "serves health on this port; use --http-endpoint");
    flags.require(port <= PORT_MAX, "health-port", "a port (default 0, none)");
    flags.throwIfAnyProblem();
    if (endpoint.isPresent() && port > 0) {
      throw new Fatal("only one of --http-endpoint and --health-port can be given");
    }
    return port > 0 ? Optional.of(new ListenAddress("", port)) : endpoint;
  }
}
