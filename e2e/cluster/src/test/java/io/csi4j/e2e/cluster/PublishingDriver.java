package io.csi4j.e2e.cluster;

import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A driver that attaches to nothing, as fast or slowly as it is told, and counts. */
final class PublishingDriver {
  static final String NAME = "figures.csi4j.io";

  /** More than any deadline. */
  private static final Duration HANGS = Duration.ofMinutes(1);

  final AtomicInteger publishes = new AtomicInteger();
  final AtomicInteger unpublishes = new AtomicInteger();
  final AtomicInteger lists = new AtomicInteger();
  final AtomicInteger inFlightMost = new AtomicInteger();

  private final AtomicLong firstCallNanos = new AtomicLong();

  /** By volume: its nodes. */
  final Map<String, Set<String>> nodes = new ConcurrentSkipListMap<>();

  /** Calls for these nodes do not end in time. */
  final Set<String> hanging = ConcurrentHashMap.newKeySet();

  /** Calls for these nodes fail. */
  final Set<String> refusing = ConcurrentHashMap.newKeySet();

  volatile Duration takes = Duration.ZERO;
  private volatile Semaphore slots = new Semaphore(Integer.MAX_VALUE);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final boolean canList;

  PublishingDriver(boolean canList) {
    this.canList = canList;
  }

  EpollServer start(Path socket) throws IOException {
    return EpollServer.start(socket, new Identity(), new Controller());
  }

  /** More than these wait for one another. */
  void atOnce(int calls) {
    slots = new Semaphore(calls);
  }

  void resetCounts() {
    publishes.set(0);
    unpublishes.set(0);
    inFlightMost.set(0);
  }

  void resetFirstCall() {
    firstCallNanos.set(0);
  }

  /** When the first call came since that was last asked for. */
  long firstCallNanos() {
    return firstCallNanos.get();
  }

  private void work(String nodeId) {
    firstCallNanos.compareAndSet(0, System.nanoTime());
    inFlightMost.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    var place = slots;
    place.acquireUninterruptibly();
    try {
      var end = System.nanoTime() + (hanging.contains(nodeId) ? HANGS : takes).toNanos();
      for (var left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    } finally {
      place.release();
      inFlight.decrementAndGet();
    }
  }

  private static <T> void answer(StreamObserver<T> reply, T message) {
    reply.onNext(message);
    reply.onCompleted();
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
      var types = new ArrayList<>(Set.of(RPC.Type.PUBLISH_UNPUBLISH_VOLUME));
      if (canList) {
        types.addAll(Set.of(RPC.Type.LIST_VOLUMES, RPC.Type.LIST_VOLUMES_PUBLISHED_NODES));
      }
      var all = ControllerGetCapabilitiesResponse.newBuilder();
      for (var type : types) {
        all.addCapabilities(
            ControllerServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)));
      }
      answer(reply, all.build());
    }

    @Override
    public void controllerPublishVolume(
        ControllerPublishVolumeRequest request,
        StreamObserver<ControllerPublishVolumeResponse> reply) {
      work(request.getNodeId());
      if (refusing.contains(request.getNodeId())) {
        reply.onError(Status.INTERNAL.withDescription("no path to the array").asRuntimeException());
        return;
      }
      publishes.incrementAndGet();
      nodes
          .computeIfAbsent(request.getVolumeId(), _ -> ConcurrentHashMap.newKeySet())
          .add(request.getNodeId());
      answer(
          reply,
          ControllerPublishVolumeResponse.newBuilder()
              .putPublishContext("devicePath", "/dev/disk/by-id/" + request.getVolumeId())
              .build());
    }

    @Override
    public void controllerUnpublishVolume(
        ControllerUnpublishVolumeRequest request,
        StreamObserver<ControllerUnpublishVolumeResponse> reply) {
      work(request.getNodeId());
      unpublishes.incrementAndGet();
      nodes.computeIfPresent(
          request.getVolumeId(),
          (_, on) -> {
            on.remove(request.getNodeId());
            return on;
          });
      answer(reply, ControllerUnpublishVolumeResponse.getDefaultInstance());
    }

    @Override
    public void listVolumes(ListVolumesRequest request, StreamObserver<ListVolumesResponse> reply) {
      var page = ListVolumesResponse.newBuilder();
      var token = request.getStartingToken();
      var limit = request.getMaxEntries() == 0 ? 1000 : request.getMaxEntries();
      for (var each : nodes.entrySet()) {
        if (each.getKey().compareTo(token) <= 0) {
          continue;
        }
        if (page.getEntriesCount() == limit) {
          page.setNextToken(page.getEntries(limit - 1).getVolume().getVolumeId());
          break;
        }
        page.addEntries(
            ListVolumesResponse.Entry.newBuilder()
                .setVolume(Volume.newBuilder().setVolumeId(each.getKey()))
                .setStatus(
                    ListVolumesResponse.VolumeStatus.newBuilder()
                        .addAllPublishedNodeIds(each.getValue())));
      }
      if (page.getNextToken().isEmpty()) {
        lists.incrementAndGet();
      }
      answer(reply, page.build());
    }
  }
}
