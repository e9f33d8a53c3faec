package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.CapacityReport;
import io.csi4j.driver.spi.Expansion;
import io.csi4j.driver.spi.Expansion.OnNode;
import io.csi4j.driver.spi.Modification;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerModifyVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerModifyVolumeResponse;
import io.csi4j.proto.csi.v1.GetCapacityResponse;

/** Changing volumes that are there, and telling how much room is left. */
final class ChangeCalls {
  private ChangeCalls() {}

  static void addExpansion(Reception reception, Expansion expansion, ServiceTable table) {
    table.change(
        ControllerGrpc.getControllerExpandVolumeMethod(),
        Subject.volume(ControllerExpandVolumeRequest::getVolumeId),
        request ->
            reception
                .checks()
                .id("volume_id", request.getVolumeId())
                .unless(!request.hasCapacityRange(), "capacity_range is missing")
                .capacity(request.getCapacityRange())
                .then(() -> expand(reception, expansion, request)));
  }

  static void addModification(Reception reception, Modification modification, ServiceTable table) {
    table.change(
        ControllerGrpc.getControllerModifyVolumeMethod(),
        Subject.volume(ControllerModifyVolumeRequest::getVolumeId),
        request ->
            reception
                .checks()
                .id("volume_id", request.getVolumeId())
                .map("mutable_parameters", request.getParametersMutableMap())
                .then(() -> modify(reception, modification, request)));
  }

  static void addCapacity(Reception reception, CapacityReport report, ServiceTable table) {
    table.question(
        ControllerGrpc.getGetCapacityMethod(),
        Subject.nothing(),
        request ->
            reception
                .checks()
                .optionalCapabilities("volume_capabilities", request.getVolumeCapabilitiesList())
                .map("parameters", request.getParametersMap())
                .then(() -> report.room(FromProto.question(request)).map(ChangeCalls::room)));
  }

  private static Answer<ControllerExpandVolumeResponse> expand(
      Reception reception, Expansion expansion, ControllerExpandVolumeRequest request) {
    var id = request.getVolumeId();
    var capacity = FromProto.capacity(request.getCapacityRange());
    var secrets = Secrets.of(request.getSecretsMap());
    return reception
        .locked(Keys.none().volume(id), () -> expansion.expand(id, capacity, secrets))
        .map(
            expanded ->
                ControllerExpandVolumeResponse.newBuilder()
                    .setCapacityBytes(expanded.sizeBytes())
                    .setNodeExpansionRequired(expanded.onNode() == OnNode.EXPAND_TOO)
                    .build());
  }

  private static Answer<ControllerModifyVolumeResponse> modify(
      Reception reception, Modification modification, ControllerModifyVolumeRequest request) {
    var id = request.getVolumeId();
    var parameters = FromProto.parameters(request.getParametersMutableMap());
    var secrets = Secrets.of(request.getSecretsMap());
    return reception
        .locked(Keys.none().volume(id), () -> modification.modify(id, parameters, secrets))
        .map(_ -> ControllerModifyVolumeResponse.getDefaultInstance());
  }

  private static GetCapacityResponse room(CapacityReport.Room room) {
    var reply = GetCapacityResponse.newBuilder().setAvailableCapacity(room.availableBytes());
    reply.getMaximumVolumeSizeBuilder().setValue(room.volumeBytesMax());
    reply.getMinimumVolumeSizeBuilder().setValue(room.volumeBytesMin());
    return reply.build();
  }
}
