package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.GroupSnapshots;
import io.csi4j.driver.spi.GroupSnapshots.SnapshotGroup;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Snapshot;
import io.csi4j.proto.csi.v1.CreateVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.CreateVolumeGroupSnapshotResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeGroupSnapshotResponse;
import io.csi4j.proto.csi.v1.GetVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.GetVolumeGroupSnapshotResponse;
import io.csi4j.proto.csi.v1.GroupControllerGrpc;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Snapshots of several volumes at one moment. */
final class GroupCalls {
  private final Reception reception;
  private final GroupSnapshots groups;

  GroupCalls(Reception reception, GroupSnapshots groups) {
    this.reception = reception;
    this.groups = groups;
  }

  void addTo(ServiceTable table) {
    table
        .change(
            GroupControllerGrpc.getCreateVolumeGroupSnapshotMethod(),
            Subject.group(CreateVolumeGroupSnapshotRequest::getName),
            request -> checked(request).then(() -> create(request)))
        .change(
            GroupControllerGrpc.getDeleteVolumeGroupSnapshotMethod(),
            Subject.group(DeleteVolumeGroupSnapshotRequest::getGroupSnapshotId),
            request ->
                reception
                    .checks()
                    .id("group_snapshot_id", request.getGroupSnapshotId())
                    .then(() -> delete(request)))
        .question(
            GroupControllerGrpc.getGetVolumeGroupSnapshotMethod(),
            Subject.group(GetVolumeGroupSnapshotRequest::getGroupSnapshotId),
            request ->
                reception
                    .checks()
                    .id("group_snapshot_id", request.getGroupSnapshotId())
                    .then(() -> groups.findGroup(request.getGroupSnapshotId()))
                    .then(group -> matching(group, request.getSnapshotIdsList()))
                    .map(
                        group ->
                            GetVolumeGroupSnapshotResponse.newBuilder()
                                .setGroupSnapshot(ToProto.group(group))
                                .build()));
  }

  private FieldChecks checked(CreateVolumeGroupSnapshotRequest request) {
    var checks =
        reception
            .checks()
            .name("name", request.getName())
            .map("parameters", request.getParametersMap())
            .unless(request.getSourceVolumeIdsCount() == 0, "source_volume_ids is missing");
    request.getSourceVolumeIdsList().forEach(id -> checks.id("source_volume_ids", id));
    return checks;
  }

  private Answer<CreateVolumeGroupSnapshotResponse> create(
      CreateVolumeGroupSnapshotRequest request) {
    var spec = FromProto.groupSpec(request);
    var keys = Keys.none().groupName(spec.name());
    for (var id : spec.sourceVolumeIds()) {
      keys = keys.volume(id);
    }
    return reception
        .locked(keys, () -> groups.snapshotGroup(spec))
        .map(
            group ->
                CreateVolumeGroupSnapshotResponse.newBuilder()
                    .setGroupSnapshot(ToProto.group(group))
                    .build());
  }

  private Answer<DeleteVolumeGroupSnapshotResponse> delete(
      DeleteVolumeGroupSnapshotRequest request) {
    var id = request.getGroupSnapshotId();
    var secrets = Secrets.of(request.getSecretsMap());
    return switch (groups.findGroup(id)) {
      case Answer.Refused<SnapshotGroup>(var reason, _) when reason == Reason.NOT_FOUND ->
          // What an interrupted call has left is still removed by the driver.
          reception
              .locked(Keys.none().group(id), () -> groups.deleteGroup(id, secrets))
              .map(_ -> DeleteVolumeGroupSnapshotResponse.getDefaultInstance());
      case Answer.Refused<SnapshotGroup> refused -> refused.as();
      case Answer.Done<SnapshotGroup>(var group) ->
          matching(group, request.getSnapshotIdsList())
              .then(
                  _ -> reception.locked(keys(group), () -> groups.deleteGroup(group.id(), secrets)))
              .map(_ -> DeleteVolumeGroupSnapshotResponse.getDefaultInstance());
    };
  }

  private static Keys keys(SnapshotGroup group) {
    var keys = Keys.none().group(group.id());
    for (var member : group.members()) {
      keys = keys.snapshot(member.id());
    }
    return keys;
  }

  /** A caller that names the members must mean these. */
  private static Answer<SnapshotGroup> matching(SnapshotGroup group, List<String> snapshotIds) {
    var members = group.members().stream().map(Snapshot::id).collect(Collectors.toSet());
    return snapshotIds.isEmpty() || members.equals(Set.copyOf(snapshotIds))
        ? Answer.done(group)
        : Answer.refused(
            Reason.INVALID_ARGUMENT,
            "snapshot_ids are not the members of group %s".formatted(group.id()));
  }
}
