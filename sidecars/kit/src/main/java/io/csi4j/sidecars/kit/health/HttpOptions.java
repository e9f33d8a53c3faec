package io.csi4j.sidecars.kit.health;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.Optional;

/**
 * The HTTP flags that all controllers share, by upstream's names.
 *
 * @param healthToo whether health is served beside the metrics; the old {@code --metrics-address}
 *     serves metrics alone
 */
public record HttpOptions(Optional<ListenAddress> address, boolean healthToo, String metricsPath) {

  public static HttpOptions from(Flags flags) {
    var endpoint = flags.listenAddress("http-endpoint", "serves health and metrics; off if empty");
    var metrics =
        flags.listenAddress("metrics-address", "serves metrics alone; use --http-endpoint");
    var path = flags.text("metrics-path", "/metrics", "where the metrics are");
    flags.require(
        path.startsWith("/"), "metrics-path", "a path that begins with / (default /metrics)");
    if (endpoint.isPresent() && metrics.isPresent()) {
      throw new Fatal("only one of --http-endpoint and --metrics-address can be given");
    }
    return new HttpOptions(endpoint.or(() -> metrics), endpoint.isPresent(), path);
  }
}
