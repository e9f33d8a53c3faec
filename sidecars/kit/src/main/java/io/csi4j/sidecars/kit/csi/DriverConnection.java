package io.csi4j.sidecars.kit.csi;

import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Time;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a driver's socket that heals by itself: while the socket cannot be reached it is
 * tried again and again, for ever.
 */
public final class DriverConnection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DriverConnection.class);

  /** A try costs next to nothing on a Unix socket, and every claim waits for it. */
  private static final Duration RECONNECT = Duration.ofMillis(200);

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration STILL_CONNECTING = Duration.ofSeconds(10);

  private final SocketAddress address;
  private final Time time;
  private final EpollLoop loop = new EpollLoop();
  private final EpollChannel socket;
  private volatile boolean closed;
  private volatile AfterLoss lost = () -> true;
  private volatile Runnable returned = () -> {};

  private final Channel calls;

  public DriverConnection(SocketAddress address, Time time) {
    this(address, time, Witnesses.NOBODY);
  }

  public DriverConnection(SocketAddress address, Time time, Witnesses witnesses) {
    this.address = address;
    this.time = time;
    this.socket = new EpollChannel(address, loop);
    this.calls = witnesses.watch(socket.channel(), time);
    time.spawn("csi connection", this::keepConnecting);
    watch(socket.state(), Past.NEVER_CONNECTED);
  }

  /**
   * Waits until the driver's socket is connected; throws {@link DriverFault} when the limit has
   * passed.
   */
  public void awaitConnected(Duration limit) {
    var started = time.nanos();
    awaitConnected(() -> time.nanos() - started <= limit.toNanos());
    if (socket.state() != ConnectivityState.READY) {
      throw new DriverFault(
          "no connection to the CSI driver at %s within %ds".formatted(address, limit.toSeconds()));
    }
  }

  /**
   * Waits until the driver's socket is connected, or until {@code wanted} says that nobody waits
   * any more.
   */
  public void awaitConnected(BooleanSupplier wanted) {
    var announced = time.nanos();
    var pause = FIRST_LOOK;
    while (socket.state() != ConnectivityState.READY && wanted.getAsBoolean()) {
      var now = time.nanos();
      if (now - announced > STILL_CONNECTING.toNanos()) {
        announced = now;
        log.atWarn().addKeyValue("address", address).log("still connecting to the CSI driver");
      }
      time.sleep(pause);
      pause = pause.multipliedBy(2).compareTo(RETRY) < 0 ? pause.multipliedBy(2) : RETRY;
    }
  }

  /** {@code lost} hears of each loss once, not of each attempt that follows. */
  public void onLoss(AfterLoss lost) {
    this.lost = lost;
  }

  /** Hears of a loss. */
  @FunctionalInterface
  public interface AfterLoss {

    /**
     * Whether to connect again. Where not, every later call fails: nobody talks to another driver
     * in the belief that it is the one that was lost.
     */
    boolean reconnect();
  }

  /** {@code returned} hears when the driver can be reached again after a loss. */
  public void onReturn(Runnable returned) {
    this.returned = returned;
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
          throw new DriverFault(
              "the CSI driver\'s Probe failed: " + GrpcDriver.words(e), GrpcDriver.code(e));
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
      throw new DriverFault(
          "the CSI driver\'s GetPluginInfo failed: " + GrpcDriver.words(e), GrpcDriver.code(e));
    }
  }

  /** Name and capabilities. */
  public DriverIdentity identify(Duration timeout) {
    var name = name(timeout);
    try {
      return new Capabilities(calls, timeout).of(name);
    } catch (StatusRuntimeException e) {
      throw new DriverFault(
          "the CSI driver's capabilities are unknown: " + GrpcDriver.words(e), GrpcDriver.code(e));
    }
  }

  /**
   * The controller's door; {@code inDoubt} says after which codes an operation may still be
   * running.
   */
  public GrpcDriver driver(Duration timeout, Set<Code> inDoubt) {
    return new GrpcDriver(calls, timeout, inDoubt);
  }

  /** The door of what runs beside the driver on a node. */
  public NodeDriver node(Duration timeout) {
    return new NodeDriver(calls, timeout);
  }

  private IdentityGrpc.IdentityBlockingStub identity(Duration timeout) {
    return IdentityGrpc.newBlockingStub(calls)
        .withWaitForReady()
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** grpc tells of one change at a time, and asks to be asked again. */
  private void watch(ConnectivityState seen, Past past) {
    socket.channel().notifyWhenStateChanged(seen, () -> changed(past));
  }

  private void changed(Past past) {
    if (closed) {
      return;
    }
    var now = socket.state();
    var next = past;
    if (now == ConnectivityState.READY) {
      next = Past.CONNECTED;
      if (past == Past.LOST) {
        time.spawn("csi driver is back", returned);
      }
    } else if (past == Past.CONNECTED) {
      next = Past.LOST;
      time.spawn("csi driver is lost", this::lost);
    }
    watch(now, next);
  }

  private void lost() {
    if (!lost.reconnect()) {
      closed = true;
      socket.close();
    }
  }

  /** What was before, to tell a loss from a connection that has not come about yet. */
  private enum Past {
    NEVER_CONNECTED,
    CONNECTED,
    LOST
  }

  private void keepConnecting() {
    while (!closed) {
      if (socket.state() == ConnectivityState.TRANSIENT_FAILURE) {
        socket.connectNow();
      }
      time.sleep(RECONNECT);
    }
  }

  @Override
  public void close() {
    closed = true;
    socket.close();
    loop.close();
  }
}
