package io.csi4j.e2e.sandbox.actors;

import static io.csi4j.e2e.sandbox.actors.FakeController.answer;

import io.csi4j.proto.csi.v1.NodeExpandVolumeRequest;
import io.csi4j.proto.csi.v1.NodeExpandVolumeResponse;
import io.csi4j.proto.csi.v1.NodeGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.NodeGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsRequest;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodePublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeServiceCapability.RPC;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeResponse;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeResponse;
import io.csi4j.proto.csi.v1.VolumeUsage;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The node service over a {@link FakeArray}. It mounts nothing: a published volume is a folder with
 * copies of the volume's files, which go back when it is unpublished.
 */
final class FakeNode extends NodeGrpc.NodeImplBase {
  private final FakeArray array;
  private final String nodeId;
  private final Set<RPC.Type> types = EnumSet.of(RPC.Type.STAGE_UNSTAGE_VOLUME);
  private final Map<String, String> segments = new TreeMap<>();
  private final Set<String> staged = new TreeSet<>();
  private final Set<String> published = new TreeSet<>();
  private volatile long volumesMax;
  private volatile boolean tellsUsage = true;

  FakeNode(FakeArray array, String nodeId) {
    this.array = array;
    this.nodeId = nodeId;
  }

  FakeNode can(RPC.Type... more) {
    types.addAll(Set.of(more));
    return this;
  }

  FakeNode cannotStage() {
    types.remove(RPC.Type.STAGE_UNSTAGE_VOLUME);
    return this;
  }

  FakeNode at(String key, String value) {
    segments.put(key, value);
    return this;
  }

  void takesAtMost(long volumes) {
    volumesMax = volumes;
  }

  void hideUsage() {
    tellsUsage = false;
  }

  synchronized Set<String> staged() {
    return new TreeSet<>(staged);
  }

  synchronized Set<String> published() {
    return new TreeSet<>(published);
  }

  /** All mounts are gone, the folders stay. */
  synchronized void reboot() {
    staged.clear();
    published.clear();
  }

  @Override
  public void nodeGetInfo(NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> answer) {
    answer(
        answer,
        () -> {
          var response =
              NodeGetInfoResponse.newBuilder().setNodeId(nodeId).setMaxVolumesPerNode(volumesMax);
          if (!segments.isEmpty()) {
            response.getAccessibleTopologyBuilder().putAllSegments(segments);
          }
          return response.build();
        });
  }

  @Override
  public void nodeGetCapabilities(
      NodeGetCapabilitiesRequest request, StreamObserver<NodeGetCapabilitiesResponse> answer) {
    answer(
        answer,
        () -> {
          var response = NodeGetCapabilitiesResponse.newBuilder();
          types.forEach(type -> response.addCapabilitiesBuilder().getRpcBuilder().setType(type));
          return response.build();
        });
  }

  @Override
  public synchronized void nodeStageVolume(
      NodeStageVolumeRequest request, StreamObserver<NodeStageVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          if (!Files.isDirectory(Path.of(request.getStagingTargetPath()))) {
            throw Status.INTERNAL.withDescription("no staging folder").asRuntimeException();
          }
          staged.add(request.getStagingTargetPath());
          return NodeStageVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public synchronized void nodeUnstageVolume(
      NodeUnstageVolumeRequest request, StreamObserver<NodeUnstageVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          staged.remove(request.getStagingTargetPath());
          return NodeUnstageVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public synchronized void nodePublishVolume(
      NodePublishVolumeRequest request, StreamObserver<NodePublishVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          var target = Path.of(request.getTargetPath());
          try {
            if (request.getVolumeCapability().hasBlock()) {
              if (!Files.exists(target)) {
                Files.createFile(target);
              }
            } else if (published.add(request.getTargetPath())) {
              copy(array.data(request.getVolumeId()), target);
            }
          } catch (IOException e) {
            throw Status.INTERNAL.withDescription(e.toString()).asRuntimeException();
          }
          published.add(request.getTargetPath());
          return NodePublishVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public synchronized void nodeUnpublishVolume(
      NodeUnpublishVolumeRequest request, StreamObserver<NodeUnpublishVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          var target = Path.of(request.getTargetPath());
          try {
            if (Files.isDirectory(target)) {
              copy(target, array.data(request.getVolumeId()));
              empty(target);
            }
            Files.deleteIfExists(target);
          } catch (IOException e) {
            throw Status.INTERNAL.withDescription(e.toString()).asRuntimeException();
          }
          published.remove(request.getTargetPath());
          return NodeUnpublishVolumeResponse.getDefaultInstance();
        });
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    if (!Files.isDirectory(from)) {
      return;
    }
    try (var files = Files.list(from)) {
      for (var file : files.toList()) {
        Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  private static void empty(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void nodeExpandVolume(
      NodeExpandVolumeRequest request, StreamObserver<NodeExpandVolumeResponse> answer) {
    answer(
        answer,
        () ->
            NodeExpandVolumeResponse.newBuilder()
                .setCapacityBytes(request.getCapacityRange().getRequiredBytes())
                .build());
  }

  @Override
  public void nodeGetVolumeStats(
      NodeGetVolumeStatsRequest request, StreamObserver<NodeGetVolumeStatsResponse> answer) {
    answer(
        answer,
        () -> {
          var response = NodeGetVolumeStatsResponse.newBuilder();
          if (tellsUsage) {
            response.addUsageBuilder().setUnit(VolumeUsage.Unit.BYTES).setTotal(1000).setUsed(400);
            response.addUsageBuilder().setUnit(VolumeUsage.Unit.INODES).setTotal(10).setUsed(4);
          }
          return response.build();
        });
  }
}
