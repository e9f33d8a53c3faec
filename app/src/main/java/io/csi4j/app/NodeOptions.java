package io.csi4j.app;

import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.LoggingFlags;
import java.util.Optional;

/**
 * The flags that the parts of {@code csi4j node} share; each part reads its own.
 *
 * @param driver empty where the driver is another container
 */
record NodeOptions(
    Optional<LocalDriverComponent> driver,
    SocketAddress csiAddress,
    ListenAddress listening,
    String metricsPath) {
  private static final String DEFAULT_PORT = "9808";
  private static final int PORT_MAX = 65_535;
  private static final String DEFAULT_SOCKET = "/run/csi/socket";

  static NodeOptions from(Flags flags, Metrics metrics, Time time) {
    var kind =
        flags.text("driver", "", "runs this driver inside: local; empty where it runs elsewhere");
    flags.require(kind.isEmpty() || kind.equals("local"), "driver", "local, or absent");
    var driver =
        kind.equals("local")
            ? Optional.of(LocalDriverComponent.part(flags, metrics, time))
            : noDriver();
    var fallback = driver.map(LocalDriverComponent::endpoint).orElse(DEFAULT_SOCKET);
    var address = flags.address("csi-address", usable(fallback), "socket of the CSI driver");
    var path = flags.text("metrics-path", "/metrics", "where the metrics are");
    flags.require(
        path.startsWith("/"), "metrics-path", "a path that begins with / (default /metrics)");
    LoggingFlags.check(flags);
    flags.ignored("automaxprocs");
    return new NodeOptions(driver, address, listening(flags), path);
  }

  private static Optional<LocalDriverComponent> noDriver() {
    return Optional.empty();
  }

  /** A bad endpoint is the driver's flag's mistake, not one of an address that was not given. */
  private static String usable(String endpoint) {
    try {
      return SocketAddress.parse(endpoint).toString();
    } catch (IllegalArgumentException _) {
      return DEFAULT_SOCKET;
    }
  }

  private static ListenAddress listening(Flags flags) {
    var endpoint = flags.listenAddress("http-endpoint", "serves health, readiness and metrics");
    var port = flags.text("health-port", DEFAULT_PORT, "serves them; use --http-endpoint");
    var isPort = port.matches("\\d{1,5}") && Integer.parseInt(port) <= PORT_MAX;
    flags.require(isPort, "health-port", "a port (default 9808)");
    flags.require(
        endpoint.isEmpty() || port.equals(DEFAULT_PORT),
        "health-port",
        "absent where --http-endpoint is given");
    return endpoint.orElseGet(() -> new ListenAddress("", isPort ? Integer.parseInt(port) : 0));
  }
}
