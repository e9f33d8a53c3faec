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

/**
 * Takes the time of every call on a channel, waiting for the connection included. A call that ends
 * with an exception before gRPC has a status for it is one attempt too.
 */
record MeasuredCalls(CallMetrics metrics, Time time) implements ClientInterceptor {

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    var started = time.nanos();
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        try {
          super.start(new Stopwatch<>(listener, method.getFullMethodName(), started), headers);
        } catch (RuntimeException e) {
          took(method.getFullMethodName(), CallMetrics.NOT_GRPC, started);
          throw e;
        }
      }
    };
  }

  private void took(String method, String code, long started) {
    metrics.took("/" + method, code, Duration.ofNanos(time.nanos() - started));
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
      took(method, code.goName(), started);
      super.onClose(status, trailers);
    }
  }
}
