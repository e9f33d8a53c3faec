package io.csi4j.sidecars.kit.csi;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.metrics.CallMetrics;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;

/** Takes the time of every call on a channel, waiting for the connection included. */
record MeasuredCalls(CallMetrics metrics, Time time) implements ClientInterceptor {

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    var started = time.nanos();
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        super.start(new Stopwatch<>(listener, method.getFullMethodName(), started), headers);
      }
    };
  }

  /** Stops with the call. */
  private final class Stopwatch<R> extends SimpleForwardingClientCallListener<R> {
    private final String method;
    private final long started;

    Stopwatch(ClientCall.Listener<R> listener, String method, long started) {
      super(listener);
      this.method = method;
      this.started = started;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      var code = Code.ofNumber(status.getCode().value());
      metrics.took("/" + method, code.goName(), Duration.ofNanos(time.nanos() - started));
      super.onClose(status, trailers);
    }
  }
}
