package io.csi4j.driver.local;

import io.csi4j.proto.csi.v1.ControllerExpandVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGetVolumeHealthRequest;
import io.csi4j.proto.csi.v1.ControllerGetVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerModifyVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.GetCapacityRequest;
import io.csi4j.proto.csi.v1.GetCapacityResponse;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.proto.csi.v1.NodeExpandVolumeRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsRequest;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeRequest;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeHealth;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What kubelet and the sidecars say to a driver, over its socket. */
final class CsiClient implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Path socket;
  private final SnapshotClient snapshots;
  private volatile ManagedChannel channel;

  /** Connects with the first call. */
  CsiClient(Path socket) {
    this.socket = socket;
    this.channel = channel();
    this.snapshots = new SnapshotClient(() -> this.channel);
  }

  /** Ends the connection; the next call makes one anew, to whoever listens there by then. */
  void disconnect() {
    channel.shutdownNow();
    channel = channel();
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
        .channelType(EpollDomainSocketChannel.class)
        .eventLoopGroup(events)
        .overrideAuthority("localhost")
        .usePlaintext()
        .build();
  }

  SnapshotClient snapshots() {
    return snapshots;
  }

  boolean ready() {
    return IdentityGrpc.newBlockingStub(channel)
        .probe(ProbeRequest.getDefaultInstance())
        .getReady()
        .getValue();
  }

  List<ControllerServiceCapability.RPC.Type> capabilities() {
    return controller()
        .controllerGetCapabilities(ControllerGetCapabilitiesRequest.getDefaultInstance())
        .getCapabilitiesList()
        .stream()
        .map(capability -> capability.getRpc().getType())
        .toList();
  }

  List<PluginCapability> pluginCapabilities() {
    return IdentityGrpc.newBlockingStub(channel)
        .getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance())
        .getCapabilitiesList();
  }

  Volume volume(String id) {
    return controller()
        .controllerGetVolume(ControllerGetVolumeRequest.newBuilder().setVolumeId(id).build())
        .getVolume();
  }

  Volume create(String name, long sizeBytes, VolumeCapability capability) {
    var request = CreateVolumeRequest.newBuilder().setName(name).addVolumeCapabilities(capability);
    request.getCapacityRangeBuilder().setRequiredBytes(sizeBytes);
    return controller().createVolume(request.build()).getVolume();
  }

  Volume create(CreateVolumeRequest request) {
    return controller().createVolume(request).getVolume();
  }

  Volume createFromSnapshot(
      String name, long sizeBytes, VolumeCapability capability, String snapshotId) {
    var request = CreateVolumeRequest.newBuilder().setName(name).addVolumeCapabilities(capability);
    request.getCapacityRangeBuilder().setRequiredBytes(sizeBytes);
    request.getVolumeContentSourceBuilder().getSnapshotBuilder().setSnapshotId(snapshotId);
    return create(request.build());
  }

  Volume createFromVolume(
      String name, long sizeBytes, VolumeCapability capability, String volumeId) {
    var request = CreateVolumeRequest.newBuilder().setName(name).addVolumeCapabilities(capability);
    request.getCapacityRangeBuilder().setRequiredBytes(sizeBytes);
    request.getVolumeContentSourceBuilder().getVolumeBuilder().setVolumeId(volumeId);
    return create(request.build());
  }

  ListVolumesResponse volumes(int entriesMax, String token) {
    return controller()
        .listVolumes(
            ListVolumesRequest.newBuilder()
                .setMaxEntries(entriesMax)
                .setStartingToken(token)
                .build());
  }

  ControllerExpandVolumeResponse expand(String id, long requiredBytes, long limitBytes) {
    var request = ControllerExpandVolumeRequest.newBuilder().setVolumeId(id);
    request.getCapacityRangeBuilder().setRequiredBytes(requiredBytes).setLimitBytes(limitBytes);
    return controller().controllerExpandVolume(request.build());
  }

  long expandOnNode(String id, Path path, long requiredBytes) {
    var request =
        NodeExpandVolumeRequest.newBuilder().setVolumeId(id).setVolumePath(path.toString());
    request.getCapacityRangeBuilder().setRequiredBytes(requiredBytes);
    return node().nodeExpandVolume(request.build()).getCapacityBytes();
  }

  void modify(String id, Map<String, String> parameters) {
    var _ =
        controller()
            .controllerModifyVolume(
                ControllerModifyVolumeRequest.newBuilder()
                    .setVolumeId(id)
                    .putAllParametersMutable(parameters)
                    .build());
  }

  NodeGetVolumeStatsResponse statistics(String id, Path path) {
    return node()
        .nodeGetVolumeStats(
            NodeGetVolumeStatsRequest.newBuilder()
                .setVolumeId(id)
                .setVolumePath(path.toString())
                .build());
  }

  GetCapacityResponse capacity(Map<String, String> parameters) {
    return controller()
        .getCapacity(GetCapacityRequest.newBuilder().putAllParameters(parameters).build());
  }

  List<VolumeHealth.VolumeHealthEntry> health(String id) {
    return controller()
        .controllerGetVolumeHealth(
            ControllerGetVolumeHealthRequest.newBuilder().setVolumeId(id).build())
        .getVolumeHealth()
        .getHealthStatusesList();
  }

  void delete(String id) {
    var _ = controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(id).build());
  }

  void attach(String id, String node, VolumeCapability capability) {
    var _ =
        controller()
            .controllerPublishVolume(
                ControllerPublishVolumeRequest.newBuilder()
                    .setVolumeId(id)
                    .setNodeId(node)
                    .setVolumeCapability(capability)
                    .build());
  }

  void detach(String id, String node) {
    var _ =
        controller()
            .controllerUnpublishVolume(
                ControllerUnpublishVolumeRequest.newBuilder()
                    .setVolumeId(id)
                    .setNodeId(node)
                    .build());
  }

  void stage(String id, Path staging, VolumeCapability capability) {
    var _ =
        node()
            .nodeStageVolume(
                NodeStageVolumeRequest.newBuilder()
                    .setVolumeId(id)
                    .setStagingTargetPath(staging.toString())
                    .setVolumeCapability(capability)
                    .build());
  }

  void unstage(String id, Path staging) {
    var _ =
        node()
            .nodeUnstageVolume(
                NodeUnstageVolumeRequest.newBuilder()
                    .setVolumeId(id)
                    .setStagingTargetPath(staging.toString())
                    .build());
  }

  void publish(String id, Path staging, Path target, VolumeCapability capability) {
    publish(publishRequest(id, staging, target, capability).build());
  }

  /** As kubelet does for a volume that is written into a pod. */
  void publishInline(
      String id, Path target, VolumeCapability capability, Map<String, String> attributes) {
    publish(
        NodePublishVolumeRequest.newBuilder()
            .setVolumeId(id)
            .setTargetPath(target.toString())
            .setVolumeCapability(capability)
            .putAllVolumeContext(attributes)
            .putVolumeContext("csi.storage.k8s.io/ephemeral", "true")
            .putVolumeContext("csi.storage.k8s.io/pod.name", "p")
            .build());
  }

  void publishReadOnly(String id, Path staging, Path target, VolumeCapability capability) {
    publish(publishRequest(id, staging, target, capability).setReadonly(true).build());
  }

  void unpublish(String id, Path target) {
    var _ =
        node()
            .nodeUnpublishVolume(
                NodeUnpublishVolumeRequest.newBuilder()
                    .setVolumeId(id)
                    .setTargetPath(target.toString())
                    .build());
  }

  NodeGetInfoResponse info() {
    return node().nodeGetInfo(NodeGetInfoRequest.getDefaultInstance());
  }

  /** The code that a call fails with. */
  static Status.Code code(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException failure) {
      return failure.getStatus().getCode();
    }
    return Status.Code.OK;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void publish(NodePublishVolumeRequest request) {
    var _ = node().nodePublishVolume(request);
  }

  private static NodePublishVolumeRequest.Builder publishRequest(
      String id, Path staging, Path target, VolumeCapability capability) {
    return NodePublishVolumeRequest.newBuilder()
        .setVolumeId(id)
        .setStagingTargetPath(staging.toString())
        .setTargetPath(target.toString())
        .setVolumeCapability(capability);
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(channel);
  }

  private NodeGrpc.NodeBlockingStub node() {
    return NodeGrpc.newBlockingStub(channel);
  }
}
