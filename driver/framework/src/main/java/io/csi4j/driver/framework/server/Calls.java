package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Readiness;
import io.csi4j.driver.spi.Readiness.State;
import io.csi4j.driver.spi.Reason;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is around every call: too early or not, one log line with code and duration, and a status
 * for refusals and bugs.
 *
 * <p>A call runs to its end also when its caller has gone: only the inverse call cancels work, and
 * a repeated call finds either the lock or the result.
 */
final class Calls {
  private static final Logger log = LoggerFactory.getLogger(Calls.class);
  private static final int MESSAGE_LENGTH_MAX = 2048;
  private static final long NANOS_PER_MICRO = 1000;

  private final Readiness readiness;
  private final LongSupplier nanos;

  /**
   * Once started, a driver does not start again; then readiness, which may look at the machine, is
   * for probes only.
   */
  private volatile boolean started;

  /** Calls that run; guarded by this object's monitor. */
  private int running;

  Calls(Readiness readiness, LongSupplier nanos) {
    this.readiness = readiness;
    this.nanos = nanos;
  }

  /** Runs {@code work} here and now, and answers the caller. */
  <R> void serve(Call call, StreamObserver<R> observer, Supplier<Answer<R>> work) {
    var start = nanos.getAsLong();
    if (observer instanceof ServerCallStreamObserver<R> serverSide) {
      // Without a handler, answering a caller that has gone would throw.
      serverSide.setOnCancelHandler(() -> {});
    }
    count(1);
    try {
      var answer = answer(call, work);
      var took = Duration.ofNanos(nanos.getAsLong() - start);
      switch (answer) {
        case Answer.Done<R>(var reply) -> {
          write(call, Status.OK, took);
          observer.onNext(reply);
          observer.onCompleted();
        }
        case Answer.Refused<R>(var reason, var message) -> {
          var status = status(reason).withDescription(shortened(message));
          write(call, status, took);
          observer.onError(status.asRuntimeException());
        }
      }
    } finally {
      count(-1);
    }
  }

  /** As {@link #serve}, for an answer of many messages; the line is written before the first. */
  <R> void serveStream(
      Call call, StreamObserver<R> observer, Supplier<Answer<MessageStream<R>>> work) {
    if (!(observer instanceof ServerCallStreamObserver<R> serverSide)) {
      throw new IllegalStateException("not a server's observer: " + observer);
    }
    var start = nanos.getAsLong();
    serverSide.setOnCancelHandler(() -> {});
    count(1);
    try {
      var answer = answer(call, work);
      var took = Duration.ofNanos(nanos.getAsLong() - start);
      switch (answer) {
        case Answer.Done<MessageStream<R>>(var stream) -> {
          write(call, Status.OK, took);
          stream.sendTo(serverSide);
        }
        case Answer.Refused<MessageStream<R>>(var reason, var message) -> {
          var status = status(reason).withDescription(shortened(message));
          write(call, status, took);
          observer.onError(status.asRuntimeException());
        }
      }
    } finally {
      count(-1);
    }
  }

  synchronized int running() {
    return running;
  }

  /** Whether no call runs any more, at the latest after {@code limit}. */
  synchronized boolean awaitIdle(Duration limit) throws InterruptedException {
    var deadline = nanos.getAsLong() + limit.toNanos();
    while (running > 0) {
      var leftMillis = (deadline - nanos.getAsLong()) / (NANOS_PER_MICRO * 1000);
      if (leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }

  private <R> Answer<R> answer(Call call, Supplier<Answer<R>> work) {
    try {
      return switch (call.kind()) {
        case EARLY_QUESTION -> work.get();
        case CHANGE, QUESTION -> {
          // What is broken for one call may do for another, and each says best itself why not.
          if (!started && readiness.state() instanceof State.Starting(var what)) {
            yield Answer.refused(Reason.UNAVAILABLE, "the driver is starting: " + what);
          }
          started = true;
          yield work.get();
        }
      };
    } catch (RuntimeException bug) {
      log.atError()
          .addKeyValue("call", call.name())
          .setCause(bug)
          .log("call ended with an exception");
      return Answer.refused(Reason.INTERNAL, call.name() + " failed: " + bug.getMessage());
    }
  }

  private static void write(Call call, Status status, Duration took) {
    var line = log.atLevel(level(call, status)).addKeyValue("call", call.name());
    if (!call.subject().isEmpty()) {
      line = line.addKeyValue(call.subject(), call.subjectId());
    }
    line = line.addKeyValue("code", status.getCode());
    if (status.getDescription() != null) {
      line = line.addKeyValue("reason", status.getDescription());
    }
    line.addKeyValue("took", took.toNanos() / NANOS_PER_MICRO + "us").log("answered");
  }

  private static Level level(Call call, Status status) {
    if (status.isOk()) {
      return call.kind() == Call.Kind.CHANGE ? Level.INFO : Level.DEBUG;
    }
    return status.getCode() == Status.Code.INTERNAL ? Level.WARN : Level.INFO;
  }

  private static Status status(Reason reason) {
    return switch (reason) {
      case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
      case ABORTED -> Status.ABORTED;
      case OUT_OF_RANGE -> Status.OUT_OF_RANGE;
      case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
      case PERMISSION_DENIED -> Status.PERMISSION_DENIED;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case INTERNAL -> Status.INTERNAL;
    };
  }

  /** Keeps head and tail: what was tried stands at the head, what came back at the tail. */
  private static String shortened(String message) {
    if (message.codePointCount(0, message.length()) <= MESSAGE_LENGTH_MAX) {
      return message;
    }
    var half = MESSAGE_LENGTH_MAX / 2;
    var head = message.substring(0, message.offsetByCodePoints(0, half));
    var tail = message.substring(message.offsetByCodePoints(message.length(), -half));
    return head + " ... " + tail;
  }

  private synchronized void count(int change) {
    running += change;
    notifyAll();
  }
}
