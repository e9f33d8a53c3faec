package io.csi4j.sidecars.kit.csi;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what is said to the driver and what it answers, without the secrets, where {@code --v} is 5
 * or more; otherwise it costs one look at the level.
 *
 * @param charactersMax where a reply is cut; zero or less cuts nothing
 */
record LoggedCalls(Logger log, int charactersMax) implements ClientInterceptor {

  /** A logger of its own, so that messages can be shown without the rest of that level. */
  static final String LOGGER = "io.csi4j.csi.messages";

  LoggedCalls(int charactersMax) {
    this(LoggerFactory.getLogger(LOGGER), charactersMax);
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    var call = next.newCall(method, options);
    return log.isDebugEnabled() ? new Shown<>(call, "/" + method.getFullMethodName()) : call;
  }

  private final class Shown<Q, R> extends SimpleForwardingClientCall<Q, R> {
    private final String method;

    Shown(ClientCall<Q, R> call, String method) {
      super(call);
      this.method = method;
    }

    @Override
    public void sendMessage(Q request) {
      log.atDebug()
          .addKeyValue("method", method)
          .addKeyValue("request", Redacted.of(request))
          .log("GRPC call");
      super.sendMessage(request);
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onMessage(R reply) {
              log.atDebug()
                  .addKeyValue("method", method)
                  .addKeyValue("response", Redacted.of(reply).toString(charactersMax))
                  .log("GRPC response");
              super.onMessage(reply);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              if (!status.isOk()) {
                log.atDebug()
                    .addKeyValue("method", method)
                    .addKeyValue("error", GrpcDriver.words(status.asRuntimeException()))
                    .log("GRPC error");
              }
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }
}
