package io.csi4j.e2e.sandbox.actors.csi;

import com.google.protobuf.Message;
import io.csi4j.e2e.sandbox.actors.history.Entry;
import io.csi4j.e2e.sandbox.actors.history.History;
import io.csi4j.e2e.sandbox.clock.Surroundings.Sleep;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the tap does with one call. */
final class TapWork {
  private final String place;
  private final CsiCalls calls;
  private final Path driver;
  private final History history;
  private final CsiFaults faults;
  private final Sleep sleep;
  private final Runnable cut;

  /** The driver's answer, or why there is none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and passed on once
  private record Reply(byte @Nullable [] bytes, Status status) {}

  TapWork(String place, Path driver, CsiTap.Parts parts, Runnable cut) {
    this.place = place;
    this.calls = new CsiCalls(parts.loop());
    this.driver = driver;
    this.history = parts.history();
    this.faults = parts.faults();
    this.sleep = parts.sleep();
    this.cut = cut;
  }

  void pass(
      MethodDescriptor<byte[], byte[]> method, byte[] request, StreamObserver<byte[]> answer) {
    var call = CallReader.read(place, method.getFullMethodName(), request);
    var begin = history.started(call);
    switch (faults.decide(call)) {
      case CsiFault.None() -> tell(begin, method, ask(method, request), answer);
      case CsiFault.Fail(var code, var message) -> {
        history.ended(begin, Status.Code.UNKNOWN, code, Optional.empty());
        answer.onError(code.toStatus().withDescription(message).asRuntimeException());
      }
      case CsiFault.FailAfter(var code, var message) -> {
        var reply = ask(method, request);
        history.ended(begin, reply.status.getCode(), code, Optional.empty());
        answer.onError(code.toStatus().withDescription(message).asRuntimeException());
      }
      case CsiFault.DelayBefore(var pause) -> {
        pause(pause);
        tell(begin, method, ask(method, request), answer);
      }
      case CsiFault.DelayAfter(var pause) -> {
        var reply = ask(method, request);
        pause(pause);
        tell(begin, method, reply, answer);
      }
      case CsiFault.Twice() -> {
        ask(method, request);
        tell(begin, method, ask(method, request), answer);
      }
      case CsiFault.Silence() -> {
        var reply = ask(method, request);
        var unheard = Status.Code.DEADLINE_EXCEEDED;
        history.ended(begin, reply.status.getCode(), unheard, Optional.empty());
      }
      case CsiFault.CutAfter() -> {
        var reply = ask(method, request);
        history.ended(begin, reply.status.getCode(), Status.Code.UNAVAILABLE, Optional.empty());
        cut.run();
      }
    }
  }

  private Reply ask(MethodDescriptor<byte[], byte[]> method, byte[] request) {
    // Cut loose from the caller: a driver goes on with its work when nobody waits for it any more.
    var caller = Context.ROOT.attach();
    // A connection for each call: a driver that was away is there as soon as it is there.
    var channel = calls.channel(driver);
    try {
      return new Reply(
          ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request), Status.OK);
    } catch (StatusRuntimeException failure) {
      return new Reply(null, failure.getStatus());
    } finally {
      channel.shutdownNow();
      Context.ROOT.detach(caller);
    }
  }

  private void tell(
      Entry.Started begin,
      MethodDescriptor<byte[], byte[]> method,
      Reply reply,
      StreamObserver<byte[]> answer) {
    var code = reply.status.getCode();
    var bytes = reply.bytes;
    Optional<Message> response =
        bytes == null
            ? Optional.empty()
            : Optional.of(CallReader.response(method.getFullMethodName(), bytes));
    history.ended(begin, code, code, response);
    if (bytes == null) {
      answer.onError(reply.status.asRuntimeException());
    } else {
      answer.onNext(bytes);
      answer.onCompleted();
    }
  }

  private void pause(Duration pause) {
    try {
      sleep.sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
