package io.csi4j.app;

import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.grpc.stub.StreamObserver;

/** A driver that has a name and is well, and can do nothing. */
final class QuietDriver extends IdentityGrpc.IdentityImplBase {
  private final String name;

  QuietDriver(String name) {
    this.name = name;
  }

  @Override
  public void getPluginInfo(
      GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
    reply.onNext(GetPluginInfoResponse.newBuilder().setName(name).build());
    reply.onCompleted();
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> reply) {
    reply.onNext(ProbeResponse.getDefaultInstance());
    reply.onCompleted();
  }
}
