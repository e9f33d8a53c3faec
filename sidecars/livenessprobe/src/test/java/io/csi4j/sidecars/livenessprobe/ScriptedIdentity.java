package io.csi4j.sidecars.livenessprobe;

import com.google.protobuf.BoolValue;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A driver's identity service that answers as it is told. */
final class ScriptedIdentity extends IdentityGrpc.IdentityImplBase {
  private final AtomicInteger probes = new AtomicInteger();

  /** Written by the test, read by calls. */
  volatile Mood mood = Mood.SILENT_ABOUT_READY;

  volatile String name = "test.csi4j.io";
  volatile @Nullable Status nameFailure;
  volatile boolean nameHangs;

  /** Probes that the client has given up. */
  final AtomicInteger cancelled = new AtomicInteger();

  volatile Status failure = Status.INTERNAL;

  enum Mood {
    SILENT_ABOUT_READY,
    READY,
    NOT_READY,
    FAILING,
    HANGING
  }

  int probes() {
    return probes.get();
  }

  void forget() {
    probes.set(0);
  }

  @Override
  public void getPluginInfo(
      GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
    if (nameHangs) {
      return;
    }
    var broken = nameFailure;
    if (broken != null) {
      reply.onError(broken.asRuntimeException());
      return;
    }
    reply.onNext(GetPluginInfoResponse.newBuilder().setName(name).build());
    reply.onCompleted();
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> reply) {
    probes.incrementAndGet();
    ((ServerCallStreamObserver<ProbeResponse>) reply)
        .setOnCancelHandler(cancelled::incrementAndGet);
    switch (mood) {
      case SILENT_ABOUT_READY -> answer(reply, ProbeResponse.getDefaultInstance());
      case READY -> answer(reply, ready(true));
      case NOT_READY -> answer(reply, ready(false));
      case FAILING -> reply.onError(failure.withDescription("on fire").asRuntimeException());
      case HANGING -> {}
    }
  }

  private static ProbeResponse ready(boolean ready) {
    return ProbeResponse.newBuilder().setReady(BoolValue.of(ready)).build();
  }

  private static void answer(StreamObserver<ProbeResponse> reply, ProbeResponse response) {
    reply.onNext(response);
    reply.onCompleted();
  }
}
