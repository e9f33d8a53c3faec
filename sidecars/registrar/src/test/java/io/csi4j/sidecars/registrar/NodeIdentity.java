package io.csi4j.sidecars.registrar;

import com.google.protobuf.BoolValue;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a node plugin says of itself, as the test tells it. */
final class NodeIdentity {
  final AtomicInteger nameCalls = new AtomicInteger();

  // All below are written by the test and read by calls.
  volatile String name;
  volatile @Nullable Status nameFailure;
  volatile int nameTakesMillis;
  volatile boolean ready = true;
  volatile @Nullable Status nodeFailure;
  volatile NodeGetInfoResponse node = NodeGetInfoResponse.newBuilder().setNodeId("node-a").build();

  NodeIdentity(String name) {
    this.name = name;
  }

  BindableService identity() {
    return new IdentityGrpc.IdentityImplBase() {
      @Override
      public void getPluginInfo(
          GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
        nameCalls.incrementAndGet();
        if (nameTakesMillis > 0) {
          pass(nameTakesMillis);
        }
        answer(reply, nameFailure, GetPluginInfoResponse.newBuilder().setName(name).build());
      }

      @Override
      public void probe(ProbeRequest request, StreamObserver<ProbeResponse> reply) {
        answer(reply, null, ProbeResponse.newBuilder().setReady(BoolValue.of(ready)).build());
      }
    };
  }

  BindableService node() {
    return new NodeGrpc.NodeImplBase() {
      @Override
      public void nodeGetInfo(
          NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> reply) {
        answer(reply, nodeFailure, node);
      }
    };
  }

  private static void pass(long millis) {
    try {
      var unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> void answer(StreamObserver<T> reply, @Nullable Status failure, T message) {
    if (failure != null) {
      reply.onError(failure.asRuntimeException());
      return;
    }
    reply.onNext(message);
    reply.onCompleted();
  }
}
