package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Health;
import io.csi4j.proto.csi.v1.ControllerGetVolumeHealthRequest;
import io.csi4j.proto.csi.v1.ControllerGetVolumeHealthResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerListVolumeHealthRequest;
import io.csi4j.proto.csi.v1.ControllerListVolumeHealthResponse;
import java.util.List;
import java.util.Map;

/** Telling what is wrong with volumes. */
final class HealthCalls {
  private final Reception reception;
  private final Health health;

  HealthCalls(Reception reception, Health health) {
    this.reception = reception;
    this.health = health;
  }

  void addTo(ServiceTable table) {
    table
        .question(
            ControllerGrpc.getControllerGetVolumeHealthMethod(),
            Subject.volume(ControllerGetVolumeHealthRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .then(() -> health.problems(request.getVolumeId()))
                    .map(
                        problems ->
                            ControllerGetVolumeHealthResponse.newBuilder()
                                .setVolumeHealth(ToProto.health(request.getVolumeId(), problems))
                                .build()))
        .question(
            ControllerGrpc.getControllerListVolumeHealthMethod(),
            Subject.nothing(),
            request ->
                reception.checks().entriesMax(request.getMaxEntries()).then(() -> list(request)));
  }

  private Answer<ControllerListVolumeHealthResponse> list(
      ControllerListVolumeHealthRequest request) {
    return Paging.lastId(request.getStartingToken())
        .map(
            lastId ->
                Paging.page(
                    request.getMaxEntries(),
                    countMax -> List.copyOf(health.problemsAfter(lastId, countMax).entrySet()),
                    Map.Entry::getKey))
        .map(
            page -> {
              var reply =
                  ControllerListVolumeHealthResponse.newBuilder().setNextToken(page.nextToken());
              page.entries()
                  .forEach(
                      each -> reply.addEntries(ToProto.health(each.getKey(), each.getValue())));
              return reply.build();
            });
  }
}
