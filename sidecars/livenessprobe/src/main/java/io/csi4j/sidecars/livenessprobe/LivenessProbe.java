package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.FreshProbe;
import io.csi4j.sidecars.kit.csi.FreshProbe.Health;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.LoggingFlags;
import io.csi4j.sidecars.livenessprobe.HealthView.Sight;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
  private static final long RETRY_SECONDS = 1;
  private static final Duration STILL_CONNECTING = Duration.ofSeconds(10);

  /** A driver may take longer to say its name the first time than for any Probe. */
  private static final int NAME_TAKES_PROBES = 3;

  private final LivenessOptions options;

  /** Empty where another part of this process listens. */
  private final Optional<LivenessListening> listening;

  private final Metrics metrics;
  private final Time time;
  private final CallMetrics calls;
  private final CountDownLatch asked = new CountDownLatch(1);

  /** Set once, when it runs. */
  private volatile @Nullable DriverHealth driver;

  /** Set once, before {@code bound} opens. */
  private volatile @Nullable InetSocketAddress address;

  private final CountDownLatch bound = new CountDownLatch(1);

  private LivenessProbe(
      LivenessOptions options, Optional<LivenessListening> listening, Metrics metrics, Time time) {
    this.options = options;
    this.listening = listening;
    this.metrics = metrics;
    this.time = time;
    this.calls = new CallMetrics(metrics);
  }

  public static Component of(Flags flags, Time time) {
    var options = LivenessOptions.from(flags);
    LoggingFlags.check(flags);
    flags.ignored("automaxprocs");
    var listening = LivenessListening.from(flags);
    return new LivenessProbe(options, Optional.of(listening), new Metrics(time.now()), time);
  }

  /**
   * A part of a process that reads all other flags, listens, and serves the metrics and our {@link
   * #routes}.
   */
  public static LivenessProbe part(
      Flags flags, SocketAddress csiAddress, Metrics metrics, Time time) {
    var options =
        new LivenessOptions(
            csiAddress, LivenessOptions.probeTimeout(flags), LivenessOptions.Mode.SERVE);
    return new LivenessProbe(options, Optional.empty(), metrics, time);
  }

  /** What is answered over HTTP, from before the driver is there. */
  public Map<String, Supplier<Answer>> routes() {
    var routes = new LinkedHashMap<String, Supplier<Answer>>();
    routes.put("/healthz", () -> ask(HealthView::health));
    routes.put("/livez", () -> ask(HealthView::liveness));
    routes.put("/readyz", () -> ask(HealthView::readiness));
    return routes;
  }

  @Override
  public void run() throws InterruptedException {
    try (var probe = new FreshProbe(options.csiAddress(), time, calls)) {
      switch (options.mode()) {
        case CHECK_ONCE -> checkOnce(probe);
        case SERVE -> serve(probe);
      }
    }
  }

  @Override
  public void close() {
    asked.countDown();
  }

  /** Where it listens; for tests that let the system choose the port. */
  InetSocketAddress awaitAddress() throws InterruptedException {
    bound.await();
    var found = address;
    if (found == null) {
      throw new IllegalStateException("listening without an address");
    }
    return found;
  }

  private void checkOnce(FreshProbe probe) {
    var health = probe.probe(options.probeTimeout());
    if (!(health instanceof Health.Healthy)) {
      throw new Fatal("the CSI driver is not well: " + HealthView.words(health));
    }
  }

  private void serve(FreshProbe probe) throws InterruptedException {
    var health = new DriverHealth(probe, options.probeTimeout());
    driver = health;
    if (listening.isEmpty()) {
      meetAndWait(probe, health);
      return;
    }
    var listen = listening.get();
    try (var http = HttpEndpoint.start(listen.health(), healthRoutes(listen), time)) {
      address = http.address();
      bound.countDown();
      if (listen.metrics().isPresent()) {
        try (var _ = HttpEndpoint.start(listen.metrics().get(), metricsRoutes(listen), time)) {
          meetAndWait(probe, health);
        }
      } else {
        meetAndWait(probe, health);
      }
    }
  }

  private void meetAndWait(FreshProbe probe, DriverHealth health) throws InterruptedException {
    var met = false;
    var told = time.nanos() - STILL_CONNECTING.toNanos();
    while (!met && asked.getCount() > 0) {
      try {
        var name = probe.name(options.probeTimeout().multipliedBy(NAME_TAKES_PROBES));
        calls.driverIs(name);
        health.driverMet();
        met = true;
        log.atInfo().addKeyValue("driver", name).log("driver found");
      } catch (FreshProbe.NotYet e) {
        if (time.nanos() - told >= STILL_CONNECTING.toNanos()) {
          told = time.nanos();
          log.atWarn()
              .addKeyValue("address", options.csiAddress())
              .addKeyValue("reason", e.getMessage())
              .log("still connecting to the CSI driver");
        }
        var unused = asked.await(RETRY_SECONDS, TimeUnit.SECONDS);
      }
    }
    asked.await();
  }

  private Map<String, Supplier<Answer>> healthRoutes(LivenessListening listen) {
    var routes = new LinkedHashMap<>(routes());
    if (listen.metricsBesideHealth()) {
      routes.putAll(metricsRoutes(listen));
    }
    return routes;
  }

  private Map<String, Supplier<Answer>> metricsRoutes(LivenessListening listen) {
    return Map.of(
        listen.metricsPath(), () -> new Answer(200, Metrics.contentType(), metrics.scrape()));
  }

  private Answer ask(Function<Sight, Answer> view) {
    var health = driver;
    return view.apply(health == null ? new Sight.NeverMet() : health.look());
  }
}
