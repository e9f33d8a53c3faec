package io.csi4j.sidecars.kit.csi;

import com.google.protobuf.Message;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * CSI calls over a gRPC channel, each with a deadline; what a failure means is decided here and
 * nowhere else.
 */
public final class GrpcDriver implements Driver {
  private final Channel channel;
  private final Duration timeout;
  private final Set<Code> inDoubt;

  GrpcDriver(Channel channel, Duration timeout, Set<Code> inDoubt) {
    this.channel = channel;
    this.timeout = timeout;
    this.inDoubt = Set.copyOf(inDoubt);
  }

  @Override
  public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
    var departure = new Departure();
    try {
      return new Outcome.Done<>(
          ClientCalls.blockingUnaryCall(
              new TracedChannel(channel, departure),
              Methods.of(call),
              CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS),
              request));
    } catch (StatusRuntimeException e) {
      if (!departure.happened()) {
        return new Outcome.NotReached<>(words(e));
      }
      return Outcome.ofFailure(code(e), words(e), inDoubt);
    }
  }

  static Code code(StatusRuntimeException e) {
    return Code.ofNumber(e.getStatus().getCode().value());
  }

  static String words(StatusRuntimeException e) {
    var code = code(e);
    var description = e.getStatus().getDescription();
    if (code == Code.DEADLINE_EXCEEDED) {
      // grpc-java adds how long it took, which would make each message a new one.
      description = "context deadline exceeded";
    }
    return Outcome.goText(code, description == null ? "" : description);
  }

  /**
   * Notices whether a call was given to a connection: what was not cannot have reached the driver.
   */
  private static final class Departure extends ClientStreamTracer.Factory {
    private final AtomicBoolean happened = new AtomicBoolean();

    boolean happened() {
      return happened.get();
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamCreated(Attributes transport, Metadata sent) {
          happened.set(true);
        }
      };
    }
  }

  /** Gives each call the tracer that watches its departure. */
  private static final class TracedChannel extends Channel {
    private final Channel channel;
    private final Departure departure;

    TracedChannel(Channel channel, Departure departure) {
      this.channel = channel;
      this.departure = departure;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      return channel.newCall(method, options.withStreamTracerFactory(departure));
    }

    @Override
    public String authority() {
      return channel.authority();
    }
  }
}
