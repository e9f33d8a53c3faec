package io.csi4j.sidecars.kit.csi;

import com.google.protobuf.BoolValue;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.GroupControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GroupControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GroupControllerGrpc;
import io.csi4j.proto.csi.v1.GroupControllerServiceCapability;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/** A driver on a real socket that answers as it is told. */
public final class ScriptedDriver {
  final AtomicInteger probes = new AtomicInteger();
  volatile String name = "test.csi4j.io";

  /** Played in order, then ready for ever. */
  final Deque<Object> probeAnswers = new ArrayDeque<>();

  public EpollServer start(Path socket) throws IOException {
    return EpollServer.start(socket, new Identity(), new Controller(), new Group());
  }

  private final class Identity extends IdentityGrpc.IdentityImplBase {
    @Override
    public void getPluginInfo(
        GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
      answer(reply, GetPluginInfoResponse.newBuilder().setName(name).build());
    }

    @Override
    public void getPluginCapabilities(
        GetPluginCapabilitiesRequest request, StreamObserver<GetPluginCapabilitiesResponse> reply) {
      var service =
          PluginCapability.Service.newBuilder()
              .setType(PluginCapability.Service.Type.CONTROLLER_SERVICE);
      answer(
          reply,
          GetPluginCapabilitiesResponse.newBuilder()
              .addCapabilities(PluginCapability.newBuilder().setService(service))
              .addCapabilities(
                  PluginCapability.newBuilder()
                      .setService(
                          PluginCapability.Service.newBuilder()
                              .setType(PluginCapability.Service.Type.GROUP_CONTROLLER_SERVICE)))
              .addCapabilities(PluginCapability.getDefaultInstance())
              .addCapabilities(
                  PluginCapability.newBuilder()
                      .setVolumeExpansion(PluginCapability.VolumeExpansion.getDefaultInstance()))
              .build());
    }

    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> reply) {
      probes.incrementAndGet();
      switch (probeAnswers.pollFirst()) {
        case Boolean ready ->
            answer(reply, ProbeResponse.newBuilder().setReady(BoolValue.of(ready)).build());
        case Status failure -> reply.onError(failure.asRuntimeException());
        case null, default -> answer(reply, ProbeResponse.getDefaultInstance());
      }
    }
  }

  private static final class Controller extends ControllerGrpc.ControllerImplBase {
    @Override
    public void controllerGetCapabilities(
        ControllerGetCapabilitiesRequest request,
        StreamObserver<ControllerGetCapabilitiesResponse> reply) {
      answer(
          reply,
          ControllerGetCapabilitiesResponse.newBuilder()
              .addCapabilities(capability(1))
              .addCapabilities(capability(12345))
              .addCapabilities(ControllerServiceCapability.getDefaultInstance())
              .build());
    }

    @Override
    public void deleteVolume(
        DeleteVolumeRequest request, StreamObserver<DeleteVolumeResponse> reply) {
      answer(reply, DeleteVolumeResponse.getDefaultInstance());
    }

    private static ControllerServiceCapability capability(int number) {
      return ControllerServiceCapability.newBuilder()
          .setRpc(ControllerServiceCapability.RPC.newBuilder().setTypeValue(number))
          .build();
    }
  }

  private static final class Group extends GroupControllerGrpc.GroupControllerImplBase {
    @Override
    public void groupControllerGetCapabilities(
        GroupControllerGetCapabilitiesRequest request,
        StreamObserver<GroupControllerGetCapabilitiesResponse> reply) {
      answer(
          reply,
          GroupControllerGetCapabilitiesResponse.newBuilder()
              .addCapabilities(GroupControllerServiceCapability.getDefaultInstance())
              .addCapabilities(
                  GroupControllerServiceCapability.newBuilder()
                      .setRpc(GroupControllerServiceCapability.RPC.newBuilder().setTypeValue(1)))
              .build());
    }
  }

  private static <T> void answer(StreamObserver<T> reply, T message) {
    reply.onNext(message);
    reply.onCompleted();
  }
}
