package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.Answer;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The calls of one CSI service that this driver answers. Those that are not in the table gRPC
 * answers with UNIMPLEMENTED, so a part that is missing needs no code.
 */
final class ServiceTable {
  private final ServerServiceDefinition.Builder definition;
  private final Calls calls;

  /** What a request is about, in the words of the log. */
  record Subject<Q>(String word, Function<Q, String> id) {

    static <Q> Subject<Q> volume(Function<Q, String> id) {
      return new Subject<>("volume", id);
    }

    static <Q> Subject<Q> snapshot(Function<Q, String> id) {
      return new Subject<>("snapshot", id);
    }

    static <Q> Subject<Q> group(Function<Q, String> id) {
      return new Subject<>("group", id);
    }

    static <Q> Subject<Q> nothing() {
      return new Subject<>("", _ -> "");
    }
  }

  ServiceTable(String service, Calls calls) {
    this.definition = ServerServiceDefinition.builder(service);
    this.calls = calls;
  }

  /** A call that changes something. */
  <Q, R> ServiceTable change(
      MethodDescriptor<Q, R> method, Subject<Q> subject, Function<Q, Answer<R>> work) {
    return add(method, subject, Call.Kind.CHANGE, work);
  }

  /** A call that only asks. */
  <Q, R> ServiceTable question(
      MethodDescriptor<Q, R> method, Subject<Q> subject, Function<Q, Answer<R>> work) {
    return add(method, subject, Call.Kind.QUESTION, work);
  }

  /** A call that is answered even while the driver starts. */
  <Q, R> ServiceTable earlyQuestion(MethodDescriptor<Q, R> method, Supplier<Answer<R>> work) {
    return add(method, Subject.nothing(), Call.Kind.EARLY_QUESTION, _ -> work.get());
  }

  /** A question that is answered with many messages. */
  <Q, R> ServiceTable stream(
      MethodDescriptor<Q, R> method,
      Subject<Q> subject,
      Function<Q, Answer<MessageStream<R>>> work) {
    definition.addMethod(
        method,
        ServerCalls.asyncServerStreamingCall(
            (request, observer) ->
                calls.serveStream(
                    call(method, subject, Call.Kind.QUESTION, request),
                    observer,
                    () -> work.apply(request))));
    return this;
  }

  ServerServiceDefinition build() {
    return definition.build();
  }

  private <Q, R> ServiceTable add(
      MethodDescriptor<Q, R> method,
      Subject<Q> subject,
      Call.Kind kind,
      Function<Q, Answer<R>> work) {
    definition.addMethod(
        method,
        ServerCalls.asyncUnaryCall(
            (request, observer) ->
                calls.serve(
                    call(method, subject, kind, request), observer, () -> work.apply(request))));
    return this;
  }

  private static <Q> Call call(
      MethodDescriptor<Q, ?> method, Subject<Q> subject, Call.Kind kind, Q request) {
    var name = String.valueOf(method.getBareMethodName());
    return new Call(name, kind, subject.word(), subject.id().apply(request));
  }
}
