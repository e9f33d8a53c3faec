package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.csi.FreshCalls;
import io.csi4j.sidecars.kit.csi.NodeDriver;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the registrar answers over HTTP. */
final class RegistrarView {
  private static final int OK = 200;
  private static final int NOT_READY = 503;

  private final RegistrarOptions.DriverSide driver;
  private final RegistrationStory story;
  private final RegistrarMetrics metrics;
  private final FreshCalls calls;
  private final Time time;

  /** The driver's name and the socket in place; nothing until the driver has been met. */
  private volatile @Nullable Served served;

  private record Served(String name, RegistrationSocket socket) {}

  RegistrarView(
      RegistrarOptions.DriverSide driver,
      RegistrationStory story,
      RegistrarMetrics metrics,
      FreshCalls calls,
      Time time) {
    this.driver = driver;
    this.story = story;
    this.metrics = metrics;
    this.calls = calls;
    this.time = time;
  }

  void serves(String name, RegistrationSocket socket) {
    served = new Served(name, socket);
  }

  /** Whether kubelet would reach us, and nothing else: what is wrong here a restart may mend. */
  Answer health() {
    var now = served;
    if (now == null) {
      return Answer.text(NOT_READY, story.waitingFor());
    }
    var started = time.nanos();
    var answer =
        new SelfCheck(calls, now.name, driver.timeout())
            .answer(now.socket.path(), now.socket.look());
    metrics.selfChecked(answer.status(), Duration.ofNanos(time.nanos() - started));
    return answer;
  }

  /** Whether pods can use the driver: kubelet has taken it, and it says that it is ready. */
  Answer readiness() {
    var now = served;
    var waiting = story.waitingFor();
    if (now != null && now.socket.look() == RegistrationSocket.Sight.ANOTHERS) {
      return Answer.text(NOT_READY, "another process has put its socket in place of ours");
    }
    if (!waiting.isEmpty()) {
      return Answer.text(NOT_READY, waiting);
    }
    try {
      var ready =
          calls.call(
              driver.address(), channel -> new NodeDriver(channel, driver.timeout()).ready());
      return ready
          ? Answer.text(OK, "registered")
          : Answer.text(NOT_READY, "registered, but the driver says that it is not ready");
    } catch (DriverFault e) {
      return Answer.text(NOT_READY, "registered, but " + e.getMessage());
    }
  }
}
