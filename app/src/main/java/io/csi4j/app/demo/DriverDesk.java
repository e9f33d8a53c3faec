package io.csi4j.app.demo;

import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.e2e.sandbox.actors.csi.EventLoop;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Two calls that no part of ours makes: what volumes are there, and growing one. */
final class DriverDesk implements AutoCloseable {
  private static final long LIMIT_SECONDS = 10;

  private final EventLoop loop = new EventLoop();
  private final CsiCalls calls = new CsiCalls(loop);

  /** The IDs of all volumes that the driver at this socket has. */
  List<String> volumes(Path socket) {
    var answer =
        calls.call(
            socket,
            channel ->
                ControllerGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .listVolumes(ListVolumesRequest.getDefaultInstance()));
    return switch (answer) {
      case CsiAnswer.Done<ListVolumesResponse>(var reply) ->
          reply.getEntriesList().stream().map(each -> each.getVolume().getVolumeId()).toList();
      case CsiAnswer.Failed<ListVolumesResponse> failed ->
          throw new StepFailed("the driver does not say which volumes it has: " + failed.text());
    };
  }

  CsiAnswer<ControllerExpandVolumeResponse> expand(Path socket, String volumeId, long bytes) {
    var request = ControllerExpandVolumeRequest.newBuilder().setVolumeId(volumeId);
    request.getCapacityRangeBuilder().setRequiredBytes(bytes);
    return calls.call(
        socket,
        channel ->
            ControllerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                .controllerExpandVolume(request.build()));
  }

  @Override
  public void close() {
    loop.close();
  }
}
