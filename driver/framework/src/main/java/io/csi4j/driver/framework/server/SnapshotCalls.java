package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Snapshot;
import io.csi4j.driver.spi.Snapshots;
import io.csi4j.driver.spi.Trait;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.CreateSnapshotRequest;
import io.csi4j.proto.csi.v1.CreateSnapshotResponse;
import io.csi4j.proto.csi.v1.DeleteSnapshotRequest;
import io.csi4j.proto.csi.v1.DeleteSnapshotResponse;
import io.csi4j.proto.csi.v1.GetSnapshotRequest;
import io.csi4j.proto.csi.v1.GetSnapshotResponse;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.ListSnapshotsResponse;
import java.util.List;

/** Making snapshots, removing them, and telling which there are. */
final class SnapshotCalls {
  private final Reception reception;
  private final Snapshots snapshots;

  SnapshotCalls(Reception reception, Snapshots snapshots) {
    this.reception = reception;
    this.snapshots = snapshots;
  }

  void addTo(ServiceTable table) {
    table
        .change(
            ControllerGrpc.getCreateSnapshotMethod(),
            Subject.snapshot(CreateSnapshotRequest::getName),
            request -> checked(request).then(() -> create(request)))
        .change(
            ControllerGrpc.getDeleteSnapshotMethod(),
            Subject.snapshot(DeleteSnapshotRequest::getSnapshotId),
            request ->
                reception
                    .checks()
                    .id("snapshot_id", request.getSnapshotId())
                    .then(() -> delete(request)));
    if (!reception.has(Trait.NO_SNAPSHOT_LISTING)) {
      table.question(
          ControllerGrpc.getListSnapshotsMethod(),
          Subject.nothing(),
          request ->
              reception.checks().entriesMax(request.getMaxEntries()).then(() -> list(request)));
    }
    if (reception.has(Trait.GET_SNAPSHOT)) {
      table.question(
          ControllerGrpc.getGetSnapshotMethod(),
          Subject.snapshot(GetSnapshotRequest::getSnapshotId),
          request ->
              reception
                  .checks()
                  .id("snapshot_id", request.getSnapshotId())
                  .then(() -> snapshots.findSnapshot(request.getSnapshotId()))
                  .map(
                      found ->
                          GetSnapshotResponse.newBuilder()
                              .setSnapshot(ToProto.snapshot(found))
                              .build()));
    }
  }

  private FieldChecks checked(CreateSnapshotRequest request) {
    return reception
        .checks()
        .name("name", request.getName())
        .id("source_volume_id", request.getSourceVolumeId())
        .map("parameters", request.getParametersMap())
        .unless(
            request.hasAccessibilityRequirements() && !reception.has(Trait.SNAPSHOT_TOPOLOGY),
            "accessibility_requirements: this driver has no topology of snapshots");
  }

  private Answer<CreateSnapshotResponse> create(CreateSnapshotRequest request) {
    var spec = FromProto.snapshotSpec(request);
    var keys = Keys.none().snapshotName(spec.name()).volume(spec.sourceVolumeId());
    return reception
        .locked(keys, () -> snapshots.snapshot(spec))
        .map(
            snapshot ->
                CreateSnapshotResponse.newBuilder()
                    .setSnapshot(
                        ToProto.snapshot(PinnedPlace.answered(snapshot, spec.topology())))
                    .build());
  }

  private Answer<DeleteSnapshotResponse> delete(DeleteSnapshotRequest request) {
    var id = request.getSnapshotId();
    var secrets = Secrets.of(request.getSecretsMap());
    return reception
        .locked(Keys.none().snapshot(id), () -> snapshots.deleteSnapshot(id, secrets))
        .map(_ -> DeleteSnapshotResponse.getDefaultInstance());
  }

  private Answer<ListSnapshotsResponse> list(ListSnapshotsRequest request) {
    return Paging.lastId(request.getStartingToken())
        .map(
            lastId ->
                Paging.page(
                    request.getMaxEntries(),
                    countMax ->
                        request.getSnapshotId().isEmpty()
                            ? snapshots.snapshotsAfter(
                                lastId, countMax, request.getSourceVolumeId())
                            : one(request, lastId),
                    Snapshot::id))
        .map(
            page -> {
              var reply = ListSnapshotsResponse.newBuilder().setNextToken(page.nextToken());
              page.entries().stream()
                  .map(ToProto::snapshot)
                  .forEach(each -> reply.addEntriesBuilder().setSnapshot(each));
              return reply.build();
            });
  }

  /** The one that the filters name; one that is not there is no error but an empty list. */
  private List<Snapshot> one(ListSnapshotsRequest request, String lastId) {
    var source = request.getSourceVolumeId();
    return switch (snapshots.findSnapshot(request.getSnapshotId())) {
      case Answer.Done<Snapshot>(var found) ->
          found.id().compareTo(lastId) > 0
                  && (source.isEmpty() || source.equals(found.sourceVolumeId()))
              ? List.of(found)
              : List.of();
      case Answer.Refused<Snapshot>(var reason, var message) -> {
        if (reason != Reason.NOT_FOUND) {
          throw new IllegalStateException(message);
        }
        yield List.of();
      }
    };
  }
}
