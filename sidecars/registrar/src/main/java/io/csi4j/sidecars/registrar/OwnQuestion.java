package io.csi4j.sidecars.registrar;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.stub.MetadataUtils;

/**
 * The mark of a question that a registrar asks itself, so that its health check is not taken for
 * kubelet. kubelet sends no such header.
 */
final class OwnQuestion implements ServerInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("csi4j-self-check", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Boolean> MARKED = Context.key("csi4j-self-check");

  private OwnQuestion() {}

  static Channel mark(Channel channel) {
    var headers = new Metadata();
    headers.put(HEADER, "true");
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static BindableService told(BindableService service) {
    return () -> ServerInterceptors.intercept(service, new OwnQuestion());
  }

  /** Whether the call at hand is one; to be asked on the call's thread. */
  static boolean asks() {
    return Boolean.TRUE.equals(MARKED.get());
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return headers.containsKey(HEADER)
        ? Contexts.interceptCall(Context.current().withValue(MARKED, true), call, headers, next)
        : next.startCall(call, headers);
  }
}
