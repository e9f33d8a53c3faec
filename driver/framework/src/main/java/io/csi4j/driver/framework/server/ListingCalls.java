package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.Health;
import io.csi4j.driver.spi.HealthProblem;
import io.csi4j.driver.spi.Trait;
import io.csi4j.driver.spi.VolumeListing;
import io.csi4j.driver.spi.VolumeListing.ListedVolume;
import io.csi4j.proto.csi.v1.ControllerGetVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerGetVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.proto.csi.v1.VolumeCondition;
import java.util.List;
import java.util.Optional;

/** Telling which volumes there are. */
final class ListingCalls {
  private final Reception reception;
  private final VolumeListing listing;

  /** For {@code volume_condition}; empty when the driver does not watch its volumes. */
  private final Optional<Health> health;

  ListingCalls(Reception reception, ControllerParts parts, VolumeListing listing) {
    this.reception = reception;
    this.listing = listing;
    this.health = parts.find(Health.class);
  }

  void addTo(ServiceTable table) {
    table.question(
        ControllerGrpc.getListVolumesMethod(),
        Subject.nothing(),
        request ->
            reception.checks().entriesMax(request.getMaxEntries()).then(() -> list(request)));
    if (reception.has(Trait.GET_VOLUME)) {
      table.question(
          ControllerGrpc.getControllerGetVolumeMethod(),
          Subject.volume(ControllerGetVolumeRequest::getVolumeId),
          request ->
              reception
                  .checks()
                  .id("volume_id", request.getVolumeId())
                  .then(() -> listing.volume(request.getVolumeId()).map(this::one)));
    }
  }

  private Answer<ListVolumesResponse> list(ListVolumesRequest request) {
    return Paging.lastId(request.getStartingToken())
        .map(
            lastId ->
                Paging.page(
                    request.getMaxEntries(),
                    countMax -> listing.volumesAfter(lastId, countMax),
                    listed -> listed.volume().id()))
        .map(
            page -> {
              var reply = ListVolumesResponse.newBuilder().setNextToken(page.nextToken());
              page.entries().forEach(listed -> reply.addEntries(entry(listed)));
              return reply.build();
            });
  }

  private ListVolumesResponse.Entry entry(ListedVolume listed) {
    var status =
        ListVolumesResponse.VolumeStatus.newBuilder().addAllPublishedNodeIds(listed.nodeIds());
    condition(listed).ifPresent(status::setVolumeCondition);
    return ListVolumesResponse.Entry.newBuilder()
        .setVolume(ToProto.volume(listed.volume()))
        .setStatus(status)
        .build();
  }

  private ControllerGetVolumeResponse one(ListedVolume listed) {
    var status =
        ControllerGetVolumeResponse.VolumeStatus.newBuilder()
            .addAllPublishedNodeIds(listed.nodeIds());
    condition(listed).ifPresent(status::setVolumeCondition);
    return ControllerGetVolumeResponse.newBuilder()
        .setVolume(ToProto.volume(listed.volume()))
        .setStatus(status)
        .build();
  }

  private Optional<VolumeCondition> condition(ListedVolume listed) {
    return health.flatMap(
        it ->
            switch (it.problems(listed.volume().id())) {
              case Answer.Done<List<HealthProblem>>(var problems) ->
                  Optional.of(ToProto.condition(problems));
              // Gone between the two looks.
              case Answer.Refused<List<HealthProblem>> _ -> Optional.empty();
            });
  }
}
