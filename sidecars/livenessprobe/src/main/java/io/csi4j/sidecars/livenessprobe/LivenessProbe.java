package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.FreshProbe;
import io.csi4j.sidecars.kit.csi.FreshProbe.Health;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.Flags;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens from the first moment, and asks the driver anew for every question. As long as the driver
 * has never been reached it says so: a probe that ended itself then would keep a driver from
 * recovering, because kubelet kills what nobody vouches for.
 */
public final class LivenessProbe implements Component {
  private static final Logger log = LoggerFactory.getLogger(LivenessProbe.class);
  private static final Duration NAME_LIMIT = Duration.ofSeconds(10);
  private static final long RETRY_SECONDS = 1;

  private final LivenessOptions options;
  private final Time time;
  private final Metrics metrics;
  private final CallMetrics calls;
  private final CountDownLatch asked = new CountDownLatch(1);

  /** Set once, when the driver has said its name. */
  private volatile boolean met;

  /** Set once, before {@code listening} opens. */
  private volatile @Nullable InetSocketAddress address;

  private final CountDownLatch listening = new CountDownLatch(1);

  private LivenessProbe(LivenessOptions options, Time time) {
    this.options = options;
    this.time = time;
    this.metrics = new Metrics(time.now());
    this.calls = new CallMetrics(metrics);
  }

  public static Component of(Flags flags, Time time) {
    return new LivenessProbe(LivenessOptions.from(flags), time);
  }

  @Override
  public void run() throws InterruptedException {
    try (var probe = new FreshProbe(options.csiAddress(), time, calls);
        var health = HttpEndpoint.start(options.health(), healthRoutes(probe), time)) {
      address = health.address();
      listening.countDown();
      if (options.metrics().isPresent()) {
        try (var _ = HttpEndpoint.start(options.metrics().get(), metricsRoutes(), time)) {
          meetAndWait(probe);
        }
      } else {
        meetAndWait(probe);
      }
    }
  }

  @Override
  public void close() {
    asked.countDown();
  }

  /** Where it listens; for tests that let the system choose the port. */
  InetSocketAddress awaitAddress() throws InterruptedException {
    listening.await();
    var found = address;
    if (found == null) {
      throw new IllegalStateException("listening without an address");
    }
    return found;
  }

  private void meetAndWait(FreshProbe probe) throws InterruptedException {
    while (!met && asked.getCount() > 0) {
      try {
        var name = probe.name(NAME_LIMIT);
        calls.driverIs(name);
        met = true;
        log.atInfo().addKeyValue("driver", name).log("driver found");
      } catch (FreshProbe.NotYet e) {
        log.atWarn()
            .addKeyValue("address", options.csiAddress())
            .addKeyValue("reason", e.getMessage())
            .log("still connecting to the CSI driver");
        var unused = asked.await(RETRY_SECONDS, TimeUnit.SECONDS);
      }
    }
    asked.await();
  }

  private Map<String, Supplier<Answer>> healthRoutes(FreshProbe probe) {
    var routes = new LinkedHashMap<String, Supplier<Answer>>();
    routes.put("/healthz", () -> ask(probe));
    if (options.metricsBesideHealth()) {
      routes.putAll(metricsRoutes());
    }
    return routes;
  }

  private Map<String, Supplier<Answer>> metricsRoutes() {
    return Map.of(
        options.metricsPath(), () -> new Answer(200, Metrics.contentType(), metrics.scrape()));
  }

  private Answer ask(FreshProbe probe) {
    if (!met) {
      return HealthView.notConnectedYet();
    }
    var health = probe.probe(options.probeTimeout());
    switch (health) {
      case Health.Healthy() -> log.atTrace().log("probe succeeded");
      case Health.NotReady() -> log.atError().log("driver responded but is not ready");
      case Health.Broken(var why) ->
          log.atError().addKeyValue("reason", why).log("health check failed");
    }
    return HealthView.answer(health);
  }
}
