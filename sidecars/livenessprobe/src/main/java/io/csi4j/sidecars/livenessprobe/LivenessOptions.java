package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.options.Flags;
import java.time.Duration;
import java.util.Optional;

/**
 * Flags of {@code csi4j livenessprobe}; names and defaults are those of livenessprobe 2.19.
 *
 * @param metrics where metrics are served on their own; empty where they are served beside the
 *     health, or not at all
 */
record LivenessOptions(
    SocketAddress csiAddress,
    Duration probeTimeout,
    ListenAddress health,
    Optional<ListenAddress> metrics,
    boolean metricsBesideHealth,
    String metricsPath) {
  private static final String DEFAULT_PORT = "9808";

  static LivenessOptions from(Flags flags) {
    var address = flags.address("csi-address", "/run/csi/socket", "socket of the CSI driver");
    var timeout =
        flags.duration(
            "probe-timeout", Duration.ofSeconds(3), "limit of each Probe, connecting included");
    flags.require(!timeout.isZero(), "probe-timeout", "longer than 0 (default 3s)");
    var endpoint = flags.listenAddress("http-endpoint", "serves /healthz and the metrics");
    var port = flags.text("health-port", DEFAULT_PORT, "serves /healthz; use --http-endpoint");
    flags.require(port.matches("\\d{1,5}"), "health-port", "a port (default 9808)");
    var metrics = flags.listenAddress("metrics-address", "serves metrics; use --http-endpoint");
    var path = flags.text("metrics-path", "/metrics", "where the metrics are");
    flags.require(
        path.startsWith("/"), "metrics-path", "a path that begins with / (default /metrics)");
    flags.ignored("automaxprocs");
    flags.throwIfAnyProblem();
    if (endpoint.isPresent() && !port.equals(DEFAULT_PORT)) {
      throw new Fatal("only one of --http-endpoint and --health-port can be given");
    }
    if (endpoint.isPresent() && metrics.isPresent()) {
      throw new Fatal("only one of --http-endpoint and --metrics-address can be given");
    }
    return new LivenessOptions(
        address,
        timeout,
        endpoint.orElseGet(() -> new ListenAddress("", Integer.parseInt(port))),
        metrics,
        endpoint.isPresent(),
        path);
  }
}
