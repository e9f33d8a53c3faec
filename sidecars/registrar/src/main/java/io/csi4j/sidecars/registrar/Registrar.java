package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.LoggingFlags;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the driver for its name, and serves kubelet's registration calls until it is told to end.
 * {@link Registration} is what happens in between.
 */
public final class Registrar implements Component {
  private static final int OK = 200;

  private final RegistrarOptions options;

  /** Empty where nobody is to listen, or another part of this process does. */
  private final Optional<ListenAddress> listening;

  private final Metrics metrics;
  private final Time time;
  private final Time.Signal asked;
  private final RegistrationStory story;
  private final FreshCalls calls = new FreshCalls();
  private final RegistrarView view;

  private Registrar(
      RegistrarOptions options, Optional<ListenAddress> listening, Metrics metrics, Time time) {
    this.options = options;
    this.listening = listening;
    this.metrics = metrics;
    this.time = time;
    this.asked = time.signal();
    var numbers = new RegistrarMetrics(metrics);
    this.story = new RegistrationStory(time, numbers);
    this.view = new RegistrarView(options.driver(), story, numbers, calls, time);
  }

  public static Component of(Flags flags, Time time) {
    var address = flags.address("csi-address", "/run/csi/socket", "socket of the CSI driver");
    var options = RegistrarOptions.from(flags, address);
    LoggingFlags.check(flags);
    flags.ignored("automaxprocs");
    var listening = RegistrarListening.from(flags);
    return new Registrar(options, listening, new Metrics(time.now()), time);
  }

  /**
   * A part of a process that reads all other flags, listens, and serves the metrics and our {@link
   * #routes}.
   */
  public static Registrar part(Flags flags, SocketAddress csiAddress, Metrics metrics, Time time) {
    return new Registrar(RegistrarOptions.from(flags, csiAddress), Optional.empty(), metrics, time);
  }

  /** What is answered over HTTP, from before the driver is there. */
  public Map<String, Supplier<Answer>> routes() {
    var routes = new LinkedHashMap<String, Supplier<Answer>>();
    routes.put("/healthz", view::health);
    routes.put("/readyz", view::readiness);
    return routes;
  }

  @Override
  public void run() throws InterruptedException {
    if (options.probeOnly()) {
      return;
    }
    try (calls) {
      if (listening.isEmpty()) {
        register();
        return;
      }
      var routes = new LinkedHashMap<>(routes());
      routes.put("/metrics", () -> new Answer(OK, Metrics.contentType(), metrics.scrape()));
      try (var _ = HttpEndpoint.start(listening.get(), routes, time)) {
        register();
      }
    }
  }

  @Override
  public void close() {
    asked.raise();
    story.wake();
  }

  private void register() {
    var renewing = options.kubelet().renewOnChange();
    var meeting = new DriverMeeting(options.driver(), renewing, time, asked);
    var registration = new Registration(options, story, view, time, asked);
    meeting.await(story::waitsFor).ifPresent(driver -> registration.keep(driver, meeting));
  }
}
