package io.csi4j.driver.local;

import io.csi4j.proto.csi.v1.BlockMetadata;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.CreateSnapshotRequest;
import io.csi4j.proto.csi.v1.CreateVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.DeleteSnapshotRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.GetMetadataAllocatedRequest;
import io.csi4j.proto.csi.v1.GetMetadataDeltaRequest;
import io.csi4j.proto.csi.v1.GetSnapshotRequest;
import io.csi4j.proto.csi.v1.GroupControllerGrpc;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.ListSnapshotsResponse;
import io.csi4j.proto.csi.v1.Snapshot;
import io.csi4j.proto.csi.v1.SnapshotMetadataGrpc;
import io.csi4j.proto.csi.v1.VolumeGroupSnapshot;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What snapshotters say to a driver, over the connection of a {@link CsiClient}. */
final class SnapshotClient {
  private final Supplier<ManagedChannel> channel;

  /** {@code channel} may be another one after the driver has been started again. */
  SnapshotClient(Supplier<ManagedChannel> channel) {
    this.channel = channel;
  }

  Snapshot create(String name, String volumeId) {
    return controller()
        .createSnapshot(
            CreateSnapshotRequest.newBuilder().setName(name).setSourceVolumeId(volumeId).build())
        .getSnapshot();
  }

  Snapshot find(String snapshotId) {
    return controller()
        .getSnapshot(GetSnapshotRequest.newBuilder().setSnapshotId(snapshotId).build())
        .getSnapshot();
  }

  Snapshot create(CreateSnapshotRequest request) {
    return controller().createSnapshot(request).getSnapshot();
  }

  void delete(String id) {
    var _ =
        controller().deleteSnapshot(DeleteSnapshotRequest.newBuilder().setSnapshotId(id).build());
  }

  ListSnapshotsResponse list(ListSnapshotsRequest request) {
    return controller().listSnapshots(request);
  }

  VolumeGroupSnapshot group(String name, List<String> volumeIds, Map<String, String> parameters) {
    return GroupControllerGrpc.newBlockingStub(channel.get())
        .createVolumeGroupSnapshot(
            CreateVolumeGroupSnapshotRequest.newBuilder()
                .setName(name)
                .addAllSourceVolumeIds(volumeIds)
                .putAllParameters(parameters)
                .build())
        .getGroupSnapshot();
  }

  void deleteGroup(String id, List<String> snapshotIds) {
    var _ =
        GroupControllerGrpc.newBlockingStub(channel.get())
            .deleteVolumeGroupSnapshot(
                DeleteVolumeGroupSnapshotRequest.newBuilder()
                    .setGroupSnapshotId(id)
                    .addAllSnapshotIds(snapshotIds)
                    .build());
  }

  List<BlockMetadata> allocated(String snapshotId, long startingOffset) {
    var found = new ArrayList<BlockMetadata>();
    SnapshotMetadataGrpc.newBlockingStub(channel.get())
        .getMetadataAllocated(
            GetMetadataAllocatedRequest.newBuilder()
                .setSnapshotId(snapshotId)
                .setStartingOffset(startingOffset)
                .build())
        .forEachRemaining(message -> found.addAll(message.getBlockMetadataList()));
    return found;
  }

  List<BlockMetadata> changed(String base, String target, long startingOffset) {
    var found = new ArrayList<BlockMetadata>();
    SnapshotMetadataGrpc.newBlockingStub(channel.get())
        .getMetadataDelta(
            GetMetadataDeltaRequest.newBuilder()
                .setBaseSnapshotId(base)
                .setTargetSnapshotId(target)
                .setStartingOffset(startingOffset)
                .setMaxResults(7)
                .build())
        .forEachRemaining(message -> found.addAll(message.getBlockMetadataList()));
    return found;
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(channel.get());
  }
}
