package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.NodeExpansion;
import io.csi4j.driver.spi.NodeHealth;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.NodeStatistics;
import io.csi4j.proto.csi.v1.NodeExpandVolumeRequest;
import io.csi4j.proto.csi.v1.NodeExpandVolumeResponse;
import io.csi4j.proto.csi.v1.NodeGetStorageHealthResponse;
import io.csi4j.proto.csi.v1.NodeGetVolumeHealthRequest;
import io.csi4j.proto.csi.v1.NodeGetVolumeHealthResponse;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsRequest;
import io.csi4j.proto.csi.v1.NodeGetVolumeStatsResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import java.nio.file.Path;

/** How volumes are that this node uses, and making them larger. */
final class NodeStateCalls {
  private final Reception reception;
  private final NodeParts parts;

  NodeStateCalls(Reception reception, NodeParts parts) {
    this.reception = reception;
    this.parts = parts;
  }

  void addTo(ServiceTable table) {
    parts.find(NodeStatistics.class).ifPresent(it -> addStatistics(it, table));
    parts.find(NodeExpansion.class).ifPresent(it -> addExpansion(it, table));
    parts.find(NodeHealth.class).ifPresent(it -> addHealth(it, table));
  }

  /** A path that is not absolute is none of a volume, says csi-sanity, and not malformed. */
  private void addStatistics(NodeStatistics statistics, ServiceTable table) {
    table.question(
        NodeGrpc.getNodeGetVolumeStatsMethod(),
        Subject.volume(NodeGetVolumeStatsRequest::getVolumeId),
        request ->
            reception
                .checks()
                .id("volume_id", request.getVolumeId())
                .anyPath("volume_path", request.getVolumePath())
                .then(() -> statistics(statistics, request)));
  }

  private void addExpansion(NodeExpansion expansion, ServiceTable table) {
    table.change(
        NodeGrpc.getNodeExpandVolumeMethod(),
        Subject.volume(NodeExpandVolumeRequest::getVolumeId),
        request ->
            reception
                .checks()
                .id("volume_id", request.getVolumeId())
                .anyPath("volume_path", request.getVolumePath())
                .capacity(request.getCapacityRange())
                .then(() -> expand(expansion, request)));
  }

  private void addHealth(NodeHealth health, ServiceTable table) {
    table
        .question(
            NodeGrpc.getNodeGetVolumeHealthMethod(),
            Subject.volume(NodeGetVolumeHealthRequest::getVolumeId),
            request ->
                reception
                    .checks()
                    .id("volume_id", request.getVolumeId())
                    .then(() -> health.problemsHere(request.getVolumeId()))
                    .map(
                        problems ->
                            NodeGetVolumeHealthResponse.newBuilder()
                                .setVolumeHealth(ToProto.health(request.getVolumeId(), problems))
                                .build()))
        .question(
            NodeGrpc.getNodeGetStorageHealthMethod(),
            Subject.nothing(),
            _ -> {
              var reply = NodeGetStorageHealthResponse.newBuilder();
              health.storageProblems().stream()
                  .map(ToProto::storageHealth)
                  .forEach(reply::addBackendHealth);
              return Answer.done(reply.build());
            });
  }

  private Answer<NodeGetVolumeStatsResponse> statistics(
      NodeStatistics statistics, NodeGetVolumeStatsRequest request) {
    var id = request.getVolumeId();
    return statistics
        .statistics(id, Path.of(request.getVolumePath()))
        .then(
            found -> {
              var reply = ToProto.statistics(found);
              var health = parts.find(NodeHealth.class);
              return health.isEmpty()
                  ? Answer.done(reply.build())
                  : health
                      .get()
                      .problemsHere(id)
                      .map(it -> reply.setVolumeCondition(ToProto.condition(it)).build());
            });
  }

  private Answer<NodeExpandVolumeResponse> expand(
      NodeExpansion expansion, NodeExpandVolumeRequest request) {
    var id = request.getVolumeId();
    var path = Path.of(request.getVolumePath());
    var capacity = FromProto.capacity(request.getCapacityRange());
    return reception
        .locked(Keys.none().volume(id), () -> expansion.expand(id, path, capacity))
        .map(bytes -> NodeExpandVolumeResponse.newBuilder().setCapacityBytes(bytes).build());
  }
}
