package io.csi4j.sidecars.kit.csi;

import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.grpc.ConnectivityState;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks a driver on a connection that is made for the question. A connection that is kept would stay
 * good after the socket's file is gone, when nobody else can reach the driver any more.
 */
public final class FreshProbe implements AutoCloseable {
  private static final String PROBE = "/csi.v1.Identity/Probe";
  private static final String GET_PLUGIN_INFO = "/csi.v1.Identity/GetPluginInfo";

  private final SocketAddress address;
  private final Time time;
  private final CallMetrics metrics;
  private final FreshCalls fresh = new FreshCalls();

  public FreshProbe(SocketAddress address, Time time, CallMetrics metrics) {
    this.address = address;
    this.time = time;
    this.metrics = metrics;
  }

  /** What the driver said of itself. */
  public sealed interface Health {

    record Healthy() implements Health {}

    /** It answers, and is not ready to work. */
    record NotReady() implements Health {}

    record Broken(String why) implements Health {}
  }

  /** One Probe; the limit includes connecting. */
  public Health probe(Duration limit) {
    try {
      var reply = call(PROBE, limit, stub -> stub.probe(ProbeRequest.getDefaultInstance()));
      return !reply.hasReady() || reply.getReady().getValue()
          ? new Health.Healthy()
          : new Health.NotReady();
    } catch (NotYet e) {
      return new Health.Broken(String.valueOf(e.getMessage()));
    } catch (StatusRuntimeException e) {
      return new Health.Broken(GrpcDriver.words(e));
    }
  }

  /**
   * The driver's name; {@link DriverFault} where it has none, or where it does not say within the
   * limit.
   */
  public String name(Duration limit) {
    try {
      var name =
          call(
                  GET_PLUGIN_INFO,
                  limit,
                  stub -> stub.getPluginInfo(GetPluginInfoRequest.getDefaultInstance()))
              .getName();
      if (name.isEmpty()) {
        throw new DriverFault("driver name is empty");
      }
      return name;
    } catch (StatusRuntimeException e) {
      if (GrpcDriver.code(e) == Code.DEADLINE_EXCEEDED || GrpcDriver.code(e) == Code.UNAVAILABLE) {
        throw new NotYet(GrpcDriver.words(e));
      }
      throw new DriverFault("the CSI driver's GetPluginInfo failed: " + GrpcDriver.words(e));
    }
  }

  /** The driver cannot be reached now; later it may. */
  public static final class NotYet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotYet(String message) {
      super(message);
    }
  }

  private <T> T call(
      String method, Duration limit, Function<IdentityGrpc.IdentityBlockingStub, T> call) {
    var started = time.nanos();
    var code = Code.OK;
    try {
      return fresh.call(
          address,
          channel -> {
            try {
              return call.apply(
                  IdentityGrpc.newBlockingStub(channel)
                      .withWaitForReady()
                      .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS));
            } catch (StatusRuntimeException e) {
              if (GrpcDriver.code(e) == Code.DEADLINE_EXCEEDED
                  && channel.getState(false) != ConnectivityState.READY) {
                // The call never left: upstream says this and has no sample of it.
                throw new NotYet("context deadline exceeded");
              }
              throw e;
            }
          });
    } catch (NotYet e) {
      code = Code.UNAVAILABLE;
      throw e;
    } catch (StatusRuntimeException e) {
      code = GrpcDriver.code(e);
      throw e;
    } finally {
      metrics.took(method, code.goName(), Duration.ofNanos(time.nanos() - started));
    }
  }

  @Override
  public void close() {
    fresh.close();
  }
}
