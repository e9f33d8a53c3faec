package io.csi4j.driver.framework.server;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;

/**
 * Sends messages as fast as the caller takes them, and no faster: nothing piles up in memory for a
 * caller that is slow.
 */
final class MessageStream<R> {
  private final Iterator<R> messages;

  /** gRPC runs a call's handlers one after the other, so this needs no lock. */
  private boolean completed;

  MessageStream(Iterator<R> messages) {
    this.messages = messages;
  }

  /** To be called while the call is being set up: the handler is not taken any more later. */
  void sendTo(ServerCallStreamObserver<R> observer) {
    observer.setOnReadyHandler(() -> sendSome(observer));
  }

  private void sendSome(ServerCallStreamObserver<R> observer) {
    while (observer.isReady() && !observer.isCancelled() && messages.hasNext()) {
      observer.onNext(messages.next());
    }
    if (!completed && !observer.isCancelled() && !messages.hasNext()) {
      completed = true;
      observer.onCompleted();
    }
  }
}
