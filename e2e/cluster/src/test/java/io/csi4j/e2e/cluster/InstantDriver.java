package io.csi4j.e2e.cluster;

import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A driver on a real socket whose volumes are names in memory: what it takes no time for, others
 * take time for. It outlives the sidecars that call it, so it knows what they leak.
 */
final class InstantDriver implements AutoCloseable {
  static final String NAME = "instant.csi4j.io";

  final AtomicInteger creates = new AtomicInteger();
  final AtomicInteger deletes = new AtomicInteger();

  /** How long a call takes at most; a part of it by chance. */
  volatile int millisMax;

  private final Set<String> volumes = ConcurrentHashMap.newKeySet();
  private final Path socket;
  private final List<RPC.Type> abilities;
  private EpollServer server;

  private InstantDriver(Path socket, List<RPC.Type> abilities) throws IOException {
    this.socket = socket;
    this.abilities = abilities;
    this.server = serve();
  }

  static InstantDriver start(Path socket, RPC.Type... more) throws IOException {
    var abilities = new ArrayList<>(List.of(more));
    abilities.add(RPC.Type.CREATE_DELETE_VOLUME);
    return new InstantDriver(socket, abilities);
  }

  private EpollServer serve() throws IOException {
    Files.deleteIfExists(socket);
    return EpollServer.start(socket, new Identity(), new Controller());
  }

  /** Dies for a while and comes back; calls under way are cut off. What it has stored stays. */
  void diesFor(Duration duration) throws IOException, InterruptedException {
    server.close();
    Thread.sleep(duration);
    server = serve();
  }

  /** Names of the volumes that there are. */
  Set<String> volumes() {
    return new TreeSet<>(volumes);
  }

  @Override
  public void close() {
    server.close();
  }

  private void takeTime() {
    if (millisMax > 0) {
      try {
        Thread.sleep(ThreadLocalRandom.current().nextInt(millisMax));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Identity extends IdentityGrpc.IdentityImplBase {
    @Override
    public void getPluginInfo(
        GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
      answer(reply, GetPluginInfoResponse.newBuilder().setName(NAME).build());
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
              .build());
    }

    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> reply) {
      answer(reply, ProbeResponse.getDefaultInstance());
    }
  }

  private final class Controller extends ControllerGrpc.ControllerImplBase {
    @Override
    public void controllerGetCapabilities(
        ControllerGetCapabilitiesRequest request,
        StreamObserver<ControllerGetCapabilitiesResponse> reply) {
      var response = ControllerGetCapabilitiesResponse.newBuilder();
      for (var ability : abilities) {
        response.addCapabilities(
            ControllerServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(ability)));
      }
      answer(reply, response.build());
    }

    @Override
    public void createVolume(
        CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> reply) {
      takeTime();
      creates.incrementAndGet();
      volumes.add(request.getName());
      takeTime();
      var volume =
          Volume.newBuilder()
              .setVolumeId(request.getName())
              .setCapacityBytes(request.getCapacityRange().getRequiredBytes());
      answer(reply, CreateVolumeResponse.newBuilder().setVolume(volume).build());
    }

    @Override
    public void deleteVolume(
        DeleteVolumeRequest request, StreamObserver<DeleteVolumeResponse> reply) {
      takeTime();
      deletes.incrementAndGet();
      volumes.remove(request.getVolumeId());
      answer(reply, DeleteVolumeResponse.getDefaultInstance());
    }
  }

  private static <T> void answer(StreamObserver<T> reply, T message) {
    reply.onNext(message);
    reply.onCompleted();
  }
}
