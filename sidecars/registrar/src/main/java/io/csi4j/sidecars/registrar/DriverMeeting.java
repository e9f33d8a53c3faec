package io.csi4j.sidecars.registrar;

import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.csi.NodeDriver;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meets the driver: connects, and asks until it says what kubelet has to know. A fault that does
 * not pass, such as a driver without a name, is thrown; all else is waited for.
 */
final class DriverMeeting {
  private static final Logger log = LoggerFactory.getLogger(DriverMeeting.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final RegistrarOptions.DriverSide options;
  private final boolean nodeToo;
  private final Time time;
  private final Time.Signal asked;

  /** {@code nodeToo} asks for what the driver says of its node; {@code asked} ends the waiting. */
  DriverMeeting(
      RegistrarOptions.DriverSide options, boolean nodeToo, Time time, Time.Signal asked) {
    this.options = options;
    this.nodeToo = nodeToo;
    this.time = time;
    this.asked = asked;
  }

  /** Empty where the registrar is asked to end first; {@code reason} hears what is waited for. */
  Optional<DriverWords> await(Consumer<String> reason) {
    var started = time.nanos();
    var told = "";
    reason.accept("waiting for the CSI driver at " + options.address());
    try (var connection = new DriverConnection(options.address(), time)) {
      connection.awaitConnected(() -> !asked.raised() && !outOfPatience(started));
      while (!asked.raised()) {
        var problem = "no connection";
        try {
          return Optional.of(ask(connection));
        } catch (DriverFault e) {
          if (!e.passing()) {
            throw e;
          }
          problem = String.valueOf(e.getMessage());
        } catch (NotReady e) {
          problem = String.valueOf(e.getMessage());
        }
        if (outOfPatience(started)) {
          throw new Fatal(
              "the CSI driver at %s could not be met within %ds: %s"
                  .formatted(options.address(), options.patience().toSeconds(), problem));
        }
        if (!problem.equals(told)) {
          told = problem;
          log.atWarn().addKeyValue("reason", problem).log("waiting for the CSI driver");
          reason.accept("waiting for the CSI driver at " + options.address() + ": " + problem);
        }
        var unused = asked.await(PAUSE);
      }
      return Optional.empty();
    }
  }

  /** Once more, without waiting: {@link DriverFault} where the driver is not as far yet. */
  DriverWords again() {
    try (var connection = new DriverConnection(options.address(), time)) {
      return ask(connection);
    } catch (NotReady e) {
      throw new DriverFault(String.valueOf(e.getMessage()));
    }
  }

  private DriverWords ask(DriverConnection connection) {
    var name = connection.name(options.timeout());
    var node = connection.node(options.timeout());
    if (options.untilReady()) {
      return new DriverWords(name, Optional.of(whenReady(node)));
    }
    return new DriverWords(name, nodeToo ? asFarAsKnown(node) : Optional.empty());
  }

  private static NodeGetInfoResponse whenReady(NodeDriver driver) {
    try {
      if (!driver.ready()) {
        throw new NotReady("it says that it is not ready");
      }
      return checked(driver.info());
    } catch (DriverFault e) {
      // Whatever it says but yes: kubelet would ask the same and refuse.
      throw new NotReady(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<NodeGetInfoResponse> asFarAsKnown(NodeDriver driver) {
    try {
      return Optional.of(checked(driver.info()));
    } catch (DriverFault e) {
      log.atWarn().addKeyValue("reason", e.getMessage()).log("the driver said nothing of its node");
      return Optional.empty();
    }
  }

  private static NodeGetInfoResponse checked(NodeGetInfoResponse info) {
    for (var unfit : TopologyHints.unfit(info.getAccessibleTopology().getSegmentsMap())) {
      log.atError().addKeyValue("problem", unfit).log("kubelet will not take the topology");
    }
    return info;
  }

  private boolean outOfPatience(long started) {
    return !options.patience().isZero() && time.nanos() - started >= options.patience().toNanos();
  }

  /** It answers, and that is all so far. */
  private static final class NotReady extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReady(String message) {
      super(message);
    }
  }
}
