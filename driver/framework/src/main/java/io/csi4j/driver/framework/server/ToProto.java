package io.csi4j.driver.framework.server;

import com.google.protobuf.Timestamp;
import io.csi4j.driver.spi.AccessMode;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.GroupSnapshots.SnapshotGroup;
import io.csi4j.driver.spi.Health;
import io.csi4j.driver.spi.HealthProblem;
import io.csi4j.driver.spi.NodeStatistics.Statistics;
import io.csi4j.driver.spi.NodeStatistics.Usage;
import io.csi4j.driver.spi.Snapshot;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.Volume;
import io.csi4j.driver.spi.VolumeCapability;
import io.csi4j.proto.csi.v1.NodeGetStorageHealthResponse;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsResponse;
import io.csi4j.proto.csi.v1.StorageHealthErrorType;
import io.csi4j.proto.csi.v1.VolumeCapability.BlockVolume;
import io.csi4j.proto.csi.v1.VolumeCapability.MountVolume;
import io.csi4j.proto.csi.v1.VolumeCondition;
import io.csi4j.proto.csi.v1.VolumeContentSource;
import io.csi4j.proto.csi.v1.VolumeContentSource.SnapshotSource;
import io.csi4j.proto.csi.v1.VolumeContentSource.VolumeSource;
import io.csi4j.proto.csi.v1.VolumeGroupSnapshot;
import io.csi4j.proto.csi.v1.VolumeHealth;
import io.csi4j.proto.csi.v1.VolumeHealthErrorType;
import io.csi4j.proto.csi.v1.VolumeUsage;
import java.time.Instant;
import java.util.List;

/** Records of the SPI as messages. */
final class ToProto {
  private ToProto() {}

  static io.csi4j.proto.csi.v1.Volume volume(Volume volume) {
    var message =
        io.csi4j.proto.csi.v1.Volume.newBuilder()
            .setVolumeId(volume.id())
            .setCapacityBytes(volume.capacityBytes())
            .putAllVolumeContext(volume.context());
    volume.accessibleFrom().forEach(place -> message.addAccessibleTopology(topology(place)));
    switch (volume.source()) {
      case ContentSource.Blank() -> {}
      case ContentSource.FromSnapshot(var id) ->
          message.setContentSource(
              VolumeContentSource.newBuilder()
                  .setSnapshot(SnapshotSource.newBuilder().setSnapshotId(id)));
      case ContentSource.FromVolume(var id) ->
          message.setContentSource(
              VolumeContentSource.newBuilder()
                  .setVolume(VolumeSource.newBuilder().setVolumeId(id)));
    }
    return message.build();
  }

  static io.csi4j.proto.csi.v1.Snapshot snapshot(Snapshot snapshot) {
    var message =
        io.csi4j.proto.csi.v1.Snapshot.newBuilder()
            .setSnapshotId(snapshot.id())
            .setSourceVolumeId(snapshot.sourceVolumeId())
            .setSizeBytes(snapshot.sizeBytes())
            .setCreationTime(timestamp(snapshot.cutAt()))
            .setReadyToUse(true);
    snapshot.accessibleFrom().forEach(place -> message.addAccessibleTopology(topology(place)));
    var group = snapshot.groupId();
    return group == null ? message.build() : message.setGroupSnapshotId(group).build();
  }

  static VolumeGroupSnapshot group(SnapshotGroup group) {
    var message =
        VolumeGroupSnapshot.newBuilder()
            .setGroupSnapshotId(group.id())
            .setCreationTime(timestamp(group.cutAt()))
            .setReadyToUse(true);
    group.members().forEach(member -> message.addSnapshots(snapshot(member)));
    return message.build();
  }

  static VolumeCondition condition(List<HealthProblem> problems) {
    return VolumeCondition.newBuilder()
        .setAbnormal(!problems.isEmpty())
        .setMessage(problems.isEmpty() ? "no problem is known" : Health.summary(problems))
        .build();
  }

  static VolumeHealth health(String volumeId, List<HealthProblem> problems) {
    var message = VolumeHealth.newBuilder().setVolumeId(volumeId);
    for (var problem : problems) {
      message
          .addHealthStatusesBuilder()
          .setStatus(
              switch (problem.kind()) {
                case DEGRADED -> VolumeHealthErrorType.DEGRADED;
                case INACCESSIBLE -> VolumeHealthErrorType.INACCESSIBLE;
                case DATA_LOSS -> VolumeHealthErrorType.DATA_LOSS;
              })
          .setReason(problem.reason())
          .setMessage(problem.message());
    }
    return message.build();
  }

  static NodeGetStorageHealthResponse.StorageBackendHealth storageHealth(HealthProblem problem) {
    return NodeGetStorageHealthResponse.StorageBackendHealth.newBuilder()
        .setStatus(
            switch (problem.kind()) {
              case DEGRADED, DATA_LOSS -> StorageHealthErrorType.STORAGE_DEGRADED;
              case INACCESSIBLE -> StorageHealthErrorType.STORAGE_UNREACHABLE;
            })
        .setReason(problem.reason())
        .setMessage(problem.message())
        .build();
  }

  static NodeGetVolumeStatsResponse.Builder statistics(Statistics statistics) {
    var reply = NodeGetVolumeStatsResponse.newBuilder();
    switch (statistics) {
      case Statistics.OfFileSystem(var bytes, var inodes) -> {
        reply.addUsage(usage(bytes, VolumeUsage.Unit.BYTES));
        if (inodes != null) {
          reply.addUsage(usage(inodes, VolumeUsage.Unit.INODES));
        }
      }
      case Statistics.OfDevice(var totalBytes, var usedBytes) -> {
        var usage = VolumeUsage.newBuilder().setUnit(VolumeUsage.Unit.BYTES).setTotal(totalBytes);
        usedBytes.ifPresent(used -> usage.setUsed(used).setAvailable(totalBytes - used));
        reply.addUsage(usage);
      }
    }
    return reply;
  }

  private static VolumeUsage usage(Usage usage, VolumeUsage.Unit unit) {
    return VolumeUsage.newBuilder()
        .setUnit(unit)
        .setTotal(usage.total())
        .setUsed(usage.used())
        .setAvailable(usage.available())
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static io.csi4j.proto.csi.v1.Topology topology(Topology topology) {
    return io.csi4j.proto.csi.v1.Topology.newBuilder().putAllSegments(topology.segments()).build();
  }

  /** Built from what we understood, since an echo would also confirm fields that we do not know. */
  static io.csi4j.proto.csi.v1.VolumeCapability capability(VolumeCapability capability) {
    var message = io.csi4j.proto.csi.v1.VolumeCapability.newBuilder();
    message.getAccessModeBuilder().setMode(mode(capability.mode()));
    switch (capability.type()) {
      case AccessType.Block() -> message.setBlock(BlockVolume.getDefaultInstance());
      case AccessType.Mount(var fsType, var flags) ->
          message.setMount(MountVolume.newBuilder().setFsType(fsType).addAllMountFlags(flags));
    }
    return message.build();
  }

  private static io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode mode(AccessMode mode) {
    return io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode.valueOf(mode.name());
  }
}
