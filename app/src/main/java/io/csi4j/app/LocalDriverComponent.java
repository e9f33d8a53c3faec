package io.csi4j.app;

import io.csi4j.driver.local.LocalDriver;
import io.csi4j.driver.local.LocalDriverOptions;
import io.csi4j.driver.spi.Readiness.State;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.health.HttpOptions;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.Flags;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code csi4j driver local}. */
final class LocalDriverComponent implements Component {
  private static final int OK = 200;
  private static final int FAILED = 500;
  private static final int NOT_READY = 503;

  private final LocalDriverOptions options;
  private final Metrics metrics;

  /** Empty where another part of this process listens, or nobody shall. */
  private final Optional<ListenAddress> listening;

  private final String metricsPath;
  private final Time time;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Null until it serves. */
  private volatile @Nullable LocalDriver running;

  private LocalDriverComponent(
      LocalDriverOptions options, Metrics metrics, Optional<HttpOptions> http, Time time) {
    this.options = options;
    this.metrics = metrics;
    this.listening = http.flatMap(HttpOptions::address);
    this.metricsPath = http.map(HttpOptions::metricsPath).orElse("/metrics");
    this.time = time;
  }

  static Component of(Flags flags, Time time) {
    var options = LocalDriverFlags.options(flags);
    var http = HttpOptions.from(flags);
    flags.throwIfAnyProblem();
    return new LocalDriverComponent(options, new Metrics(time.now()), Optional.of(http), time);
  }

  /** A part of a process that reads other flags too, reports all mistakes, and listens. */
  static LocalDriverComponent part(Flags flags, Metrics metrics, Time time) {
    return new LocalDriverComponent(
        LocalDriverFlags.options(flags), metrics, Optional.empty(), time);
  }

  /** Where the driver listens, as it was given. */
  String endpoint() {
    return options.endpoint();
  }

  @Override
  public void run() throws InterruptedException {
    var http = listening.map(address -> HttpEndpoint.start(address, routes(), time));
    try (var driver =
        LocalDriver.start(options, new DriverMetrics(metrics, options.driverName()))) {
      running = driver;
      asked.await();
    } catch (IOException e) {
      throw new Fatal("cannot serve %s: %s".formatted(options.endpoint(), e));
    } finally {
      http.ifPresent(HttpEndpoint::close);
      ended.countDown();
    }
  }

  @Override
  public void close() {
    asked.countDown();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Supplier<Answer>> routes() {
    var routes = new LinkedHashMap<String, Supplier<Answer>>();
    routes.put(metricsPath, () -> new Answer(OK, Metrics.contentType(), metrics.scrape()));
    routes.put("/healthz", this::health);
    return routes;
  }

  /** What a probe over the socket would be told. */
  private Answer health() {
    var driver = running;
    if (driver == null) {
      return Answer.text(NOT_READY, "starting");
    }
    return switch (driver.state()) {
      case State.Ready() -> Answer.text(OK, "ok");
      case State.Starting(var what) -> Answer.text(NOT_READY, "starting: " + what);
      case State.Broken(var why) -> Answer.text(FAILED, why);
    };
  }
}
