package io.csi4j.sidecars.kit.health;

import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.lease.LeaseHealth;
import io.csi4j.sidecars.kit.metrics.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What every controller serves, from its first second: metrics, whether it lives, whether it is
 * ready and why not.
 */
public final class SidecarHttp {
  private static final int OK = 200;
  private static final int FAILED = 500;

  private final HttpOptions options;
  private final Metrics metrics;
  private final Readiness readiness;
  private final Supplier<LeaseHealth> lease;

  public SidecarHttp(
      HttpOptions options, Metrics metrics, Readiness readiness, Supplier<LeaseHealth> lease) {
    this.options = options;
    this.metrics = metrics;
    this.readiness = readiness;
    this.lease = lease;
  }

  /** Listens where the flags say so; empty where they say nothing. */
  public Optional<HttpEndpoint> start(Time time) {
    return options.address().map(address -> HttpEndpoint.start(address, routes(), time));
  }

  private Map<String, Supplier<Answer>> routes() {
    var routes = new LinkedHashMap<String, Supplier<Answer>>();
    routes.put(
        options.metricsPath(), () -> new Answer(OK, Metrics.contentType(), metrics.scrape()));
    if (options.healthToo()) {
      // Alive is whoever answers, unless it holds a lease that it does not renew.
      routes.put("/healthz", this::leaseAnswer);
      routes.put("/healthz/leader-election", this::leaseAnswer);
      routes.put("/readyz", readiness::answer);
    }
    return routes;
  }

  private Answer leaseAnswer() {
    return switch (lease.get()) {
      case LeaseHealth.Healthy healthy -> Answer.text(OK, healthy.text());
      case LeaseHealth.Stuck stuck -> Answer.text(FAILED, stuck.text());
    };
  }
}
