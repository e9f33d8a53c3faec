package io.csi4j.sidecars.kit.csi;

import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Time;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a driver's socket that heals by itself: while the socket cannot be reached it is
 * tried once a second, for ever.
 */
public final class DriverConnection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DriverConnection.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration STILL_CONNECTING = Duration.ofSeconds(10);

  private final SocketAddress address;
  private final Time time;
  private final EpollLoop loop = new EpollLoop();
  private final EpollChannel socket;
  private volatile boolean closed;

  public DriverConnection(SocketAddress address, Time time) {
    this.address = address;
    this.time = time;
    this.socket = new EpollChannel(address, loop);
    time.spawn("csi connection", this::keepConnecting);
  }

  /**
   * Waits until the driver's socket is connected; throws {@link DriverFault} when the limit has
   * passed.
   */
  public void awaitConnected(Duration limit) {
    var started = time.nanos();
    var announced = started;
    var pause = FIRST_LOOK;
    while (socket.state() != ConnectivityState.READY) {
      var now = time.nanos();
      if (now - started > limit.toNanos()) {
        throw new DriverFault(
            "no connection to the CSI driver at %s within %ds"
                .formatted(address, limit.toSeconds()));
      }
      if (now - announced > STILL_CONNECTING.toNanos()) {
        announced = now;
        log.atWarn().addKeyValue("address", address).log("still connecting to the CSI driver");
      }
      time.sleep(pause);
      pause = pause.multipliedBy(2).compareTo(RETRY) < 0 ? pause.multipliedBy(2) : RETRY;
    }
  }

  /**
   * Asks until the driver says that it is ready. An answer that is no answer ends with {@link
   * DriverFault}.
   */
  public void awaitReady(Duration timeout) {
    while (true) {
      try {
        var reply = identity(timeout).probe(ProbeRequest.getDefaultInstance());
        if (!reply.hasReady() || reply.getReady().getValue()) {
          return;
        }
        log.atWarn().addKeyValue("address", address).log("the CSI driver is not ready yet");
      } catch (StatusRuntimeException e) {
        var code = Code.ofNumber(e.getStatus().getCode().value());
        if (code != Code.DEADLINE_EXCEEDED) {
          throw new DriverFault("the CSI driver's Probe failed: " + GrpcDriver.words(e));
        }
        log.atWarn().addKeyValue("took", timeout).log("the CSI driver's Probe took too long");
      }
      time.sleep(RETRY);
    }
  }

  /** The driver's name; {@link DriverFault} where there is none. */
  public String name(Duration timeout) {
    try {
      var name =
          identity(timeout).getPluginInfo(GetPluginInfoRequest.getDefaultInstance()).getName();
      if (name.isEmpty()) {
        throw new DriverFault("driver name is empty");
      }
      return name;
    } catch (StatusRuntimeException e) {
      throw new DriverFault("the CSI driver's GetPluginInfo failed: " + GrpcDriver.words(e));
    }
  }

  /** Name and capabilities. */
  public DriverIdentity identify(Duration timeout) {
    var name = name(timeout);
    try {
      var plugin = pluginCapabilities(timeout);
      var controller =
          plugin.contains(PluginCapability.Service.Type.CONTROLLER_SERVICE_VALUE)
              ? controllerCapabilities(timeout)
              : Set.<Integer>of();
      return new DriverIdentity(name, plugin, controller);
    } catch (StatusRuntimeException e) {
      throw new DriverFault("the CSI driver's capabilities are unknown: " + GrpcDriver.words(e));
    }
  }

  /**
   * The controller's door; {@code inDoubt} says after which codes an operation may still be
   * running.
   */
  public GrpcDriver driver(Duration timeout, Set<Code> inDoubt) {
    return new GrpcDriver(socket.channel(), timeout, inDoubt);
  }

  ManagedChannel channel() {
    return socket.channel();
  }

  private IdentityGrpc.IdentityBlockingStub identity(Duration timeout) {
    return IdentityGrpc.newBlockingStub(socket.channel())
        .withWaitForReady()
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private Set<Integer> pluginCapabilities(Duration timeout) {
    var found = new HashSet<Integer>();
    for (var capability :
        identity(timeout)
            .getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance())
            .getCapabilitiesList()) {
      if (capability.hasService()) {
        found.add(capability.getService().getTypeValue());
      }
    }
    return found;
  }

  private Set<Integer> controllerCapabilities(Duration timeout) {
    var found = new HashSet<Integer>();
    var stub =
        ControllerGrpc.newBlockingStub(socket.channel())
            .withWaitForReady()
            .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    for (var capability :
        stub.controllerGetCapabilities(ControllerGetCapabilitiesRequest.getDefaultInstance())
            .getCapabilitiesList()) {
      if (capability.hasRpc()) {
        found.add(capability.getRpc().getTypeValue());
      }
    }
    return found;
  }

  private void keepConnecting() {
    while (!closed) {
      if (socket.state() == ConnectivityState.TRANSIENT_FAILURE) {
        socket.connectNow();
      }
      time.sleep(RETRY);
    }
  }

  @Override
  public void close() {
    closed = true;
    socket.close();
    loop.close();
  }
}
