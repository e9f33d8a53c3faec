package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.registrar.RegistrationSocket.Sight;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the driver for its name, and serves kubelet's registration calls until it is told to end.
 *
 * <p>A new socket is what makes kubelet try again: so one is made when kubelet has refused the
 * driver, after a pause that grows, and when the file has vanished. Where another process has put
 * its socket in place of ours, that one is left alone.
 */
public final class Registrar implements Component {
  private static final Logger log = LoggerFactory.getLogger(Registrar.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final BackOff AFTER_REFUSAL =
      new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** So many refusals in a row are for somebody to look at: a container that restarts is seen. */
  private static final int REFUSALS_MAX = 20;

  private static final int NOT_READY = 503;

  private final RegistrarOptions options;
  private final Time time;
  private final Time.Signal asked;
  private final RegistrationStory story;

  /** Set when the driver has said its name, and when a socket has been made; read by HTTP. */
  private volatile @Nullable SelfCheck check;

  private volatile @Nullable RegistrationSocket current;

  private Registrar(RegistrarOptions options, Time time) {
    this.options = options;
    this.time = time;
    this.asked = time.signal();
    this.story = new RegistrationStory(time);
  }

  public static Component of(Flags flags, Time time) {
    return new Registrar(RegistrarOptions.from(flags), time);
  }

  @Override
  public void run() throws InterruptedException {
    if (options.probeOnly()) {
      return;
    }
    Optional<HttpEndpoint> http =
        options.http().map(address -> HttpEndpoint.start(address, routes(), time));
    try (var calls = new FreshCalls()) {
      var driver = driverName();
      if (!asked.raised()) {
        var name = driver + "-reg.sock";
        check = new SelfCheck(calls, options.registry().resolve(name), driver, options.timeout());
        register(name, new RegistrationService(driver, options.announcedEndpoint(), story));
      }
    } finally {
      http.ifPresent(HttpEndpoint::close);
    }
  }

  @Override
  public void close() {
    asked.raise();
    story.wake();
  }

  private void register(String name, RegistrationService service) {
    var refusals = 0;
    while (!asked.raised()) {
      var news = story.beginAnew();
      try (var socket = RegistrationSocket.open(options.registry(), name, service, time)) {
        current = socket;
        log.atInfo().addKeyValue("socket", name).log("waiting for kubelet");
        watch(socket, news);
      } finally {
        current = null;
      }
      if (news.raised() && !asked.raised()) {
        refusals++;
        if (refusals >= REFUSALS_MAX) {
          throw new Fatal("%s, %d times in a row".formatted(story.waitingFor(), refusals));
        }
        var unused = asked.await(AFTER_REFUSAL.after(refusals - 1));
      }
    }
  }

  /** Returns when the socket must be made anew, or when it is time to end. */
  private void watch(RegistrationSocket socket, Time.Signal refused) {
    var told = Sight.OURS;
    while (!asked.raised() && !refused.raised()) {
      var sight = socket.look();
      if (sight == Sight.MISSING) {
        log.atWarn().log("the registration socket has vanished, making it anew");
        return;
      }
      if (sight != told) {
        told = sight;
        log.atWarn()
            .addKeyValue("found", sight)
            .log("the registration socket is not ours any more");
      }
      var unused = refused.await(LOOK_EVERY);
    }
  }

  private String driverName() throws InterruptedException {
    try (var connection = new DriverConnection(options.csiAddress(), time)) {
      connection.awaitConnected(() -> !asked.raised());
      return asked.raised() ? "" : connection.name(options.timeout());
    }
  }

  private Map<String, Supplier<Answer>> routes() {
    return Map.of("/healthz", this::health, "/readyz", this::readiness);
  }

  private Answer health() {
    var self = check;
    var socket = current;
    if (self == null) {
      return Answer.text(NOT_READY, "waiting for the CSI driver at " + options.csiAddress());
    }
    return self.answer(socket == null ? Sight.MISSING : socket.look());
  }

  private Answer readiness() {
    if (check == null) {
      return Answer.text(NOT_READY, "waiting for the CSI driver at " + options.csiAddress());
    }
    var waiting = story.waitingFor();
    return waiting.isEmpty() ? Answer.text(200, "registered") : Answer.text(NOT_READY, waiting);
  }
}
