package io.csi4j.app;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.livenessprobe.LivenessProbe;
import io.csi4j.sidecars.registrar.Registrar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * {@code csi4j node}: all that runs beside kubelet, in one process with one HTTP server. The
 * registrar and the livenessprobe reach the driver over its socket, even where it runs in this
 * process: that is how kubelet reaches it, and the only way to notice that nobody can.
 *
 * <p>{@code /healthz} is the driver's health, as the livenessprobe alone would say it, and not the
 * registrar's: that one mends its socket itself, and a restart would take the driver along.
 */
final class NodeComponent implements Component {
  private static final int OK = 200;

  private final Optional<LocalDriverComponent> driver;
  private final Registrar registrar;
  private final LivenessProbe probe;
  private final ListenAddress address;
  private final Map<String, Supplier<Answer>> routes;
  private final Time time;

  /** The first end of any part, orderly or not, is the end of all. */
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private NodeComponent(Flags flags, Time time) {
    var metrics = new Metrics(time.now());
    var options = NodeOptions.from(flags, metrics, time);
    this.driver = options.driver();
    this.registrar = Registrar.part(flags, options.csiAddress(), metrics, time);
    this.probe = LivenessProbe.part(flags, options.csiAddress(), metrics, time);
    this.address = options.listening();
    this.time = time;
    this.routes = routes(options.metricsPath(), metrics);
  }

  static Component of(Flags flags, Time time) {
    var node = new NodeComponent(flags, time);
    flags.throwIfAnyProblem();
    return node;
  }

  @Override
  public void run() throws InterruptedException {
    try (var _ = HttpEndpoint.start(address, routes, time)) {
      var parts = new ArrayList<Part>();
      driver.ifPresent(each -> parts.add(start("driver", each)));
      parts.add(start("livenessprobe", probe));
      parts.add(start("registrar", registrar));
      over.join();
      // In reverse: kubelet hears that the driver goes, then the driver ends what is under way.
      for (var part : parts.reversed()) {
        part.component().close();
        part.end().join();
      }
      for (var part : parts) {
        part.end().join().ifPresent(NodeComponent::fail);
      }
    } finally {
      ended.complete(null);
    }
  }

  @Override
  public void close() {
    over.complete(null);
    ended.join();
  }

  private Part start(String name, Component component) {
    var end = new CompletableFuture<Optional<RuntimeException>>();
    time.spawn(
        name,
        () -> {
          end.complete(outcome(component));
          over.complete(null);
        });
    return new Part(component, end);
  }

  private static Optional<RuntimeException> outcome(Component component) {
    try {
      component.run();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    } catch (InterruptedException _) {
      return Optional.of(new Fatal("interrupted"));
    }
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }

  private Map<String, Supplier<Answer>> routes(String metricsPath, Metrics metrics) {
    var all = new LinkedHashMap<>(probe.routes());
    var registration = registrar.routes();
    // Ready is a node whose driver kubelet has taken; that it says itself that it is, is part of
    // it.
    all.put("/readyz", registration.getOrDefault("/readyz", NodeComponent::missing));
    all.put("/healthz/registrar", registration.getOrDefault("/healthz", NodeComponent::missing));
    all.put(metricsPath, () -> new Answer(OK, Metrics.contentType(), metrics.scrape()));
    return all;
  }

  private static Answer missing() {
    throw new IllegalStateException("the registrar has lost a route");
  }

  /** A part that runs; its end holds what it has failed with. */
  private record Part(Component component, CompletableFuture<Optional<RuntimeException>> end) {}
}
