package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.Optional;

/**
 * Where the questions come in; names and defaults are those of livenessprobe 2.19.
 *
 * @param metrics where metrics are served on their own; empty where they are served beside the
 *     health, or not at all
 */
record LivenessListening(
    ListenAddress health,
    Optional<ListenAddress> metrics,
    boolean metricsBesideHealth,
    String metricsPath) {
  private static final String DEFAULT_PORT = "9808";
  private static final int PORT_MAX = 65_535;

  /** Reads the last flags, and reports all mistakes. */
  static LivenessListening from(Flags flags) {
    var endpoint = flags.listenAddress("http-endpoint", "serves health and metrics");
    var port = flags.text("health-port", DEFAULT_PORT, "serves health; use --http-endpoint");
    flags.require(
        port.matches("\\d{1,5}") && Integer.parseInt(port) <= PORT_MAX,
        "health-port",
        "a port (default 9808)");
    var metrics = flags.listenAddress("metrics-address", "serves metrics; use --http-endpoint");
    var path = flags.text("metrics-path", "/metrics", "where the metrics are");
    flags.require(
        path.startsWith("/"), "metrics-path", "a path that begins with / (default /metrics)");
    flags.throwIfAnyProblem();
    if (endpoint.isPresent() && !port.equals(DEFAULT_PORT)) {
      throw new Fatal("only one of --http-endpoint and --health-port can be given");
    }
    if (endpoint.isPresent() && metrics.isPresent()) {
      throw new Fatal("only one of --http-endpoint and --metrics-address can be given");
    }
    return new LivenessListening(
        endpoint.orElseGet(() -> new ListenAddress("", Integer.parseInt(port))),
        metrics,
        endpoint.isPresent(),
        path);
  }
}
