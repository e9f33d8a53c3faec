package io.csi4j.sidecars.kit.doors;

import com.google.protobuf.Message;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerGetVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerGetVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerModifyVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerModifyVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.CreateSnapshotRequest;
import io.csi4j.proto.csi.v1.CreateSnapshotResponse;
import io.csi4j.proto.csi.v1.CreateVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.CreateVolumeGroupSnapshotResponse;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteSnapshotRequest;
import io.csi4j.proto.csi.v1.DeleteSnapshotResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeGroupSnapshotResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.csi4j.proto.csi.v1.GetCapacityRequest;
import io.csi4j.proto.csi.v1.GetCapacityResponse;
import io.csi4j.proto.csi.v1.GetSnapshotRequest;
import io.csi4j.proto.csi.v1.GetSnapshotResponse;
import io.csi4j.proto.csi.v1.GetVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.GetVolumeGroupSnapshotResponse;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.ListSnapshotsResponse;
import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesResponse;

/**
 * The door to the CSI driver: one method per call that a controller makes, each with the deadline
 * that the sidecar was given. Requests hold secrets, so they are never logged; failures carry the
 * driver's words in the Go tools' form.
 */
public interface Driver {

  /** Every call goes through here; the others only name it. */
  <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request);

  default Outcome<CreateVolumeResponse> createVolume(CreateVolumeRequest request) {
    return call(CsiCall.CREATE_VOLUME, request);
  }

  default Outcome<DeleteVolumeResponse> deleteVolume(DeleteVolumeRequest request) {
    return call(CsiCall.DELETE_VOLUME, request);
  }

  default Outcome<ControllerPublishVolumeResponse> controllerPublish(
      ControllerPublishVolumeRequest request) {
    return call(CsiCall.CONTROLLER_PUBLISH, request);
  }

  default Outcome<ControllerUnpublishVolumeResponse> controllerUnpublish(
      ControllerUnpublishVolumeRequest request) {
    return call(CsiCall.CONTROLLER_UNPUBLISH, request);
  }

  default Outcome<ValidateVolumeCapabilitiesResponse> validateVolumeCapabilities(
      ValidateVolumeCapabilitiesRequest request) {
    return call(CsiCall.VALIDATE_VOLUME_CAPABILITIES, request);
  }

  default Outcome<ListVolumesResponse> listVolumes(ListVolumesRequest request) {
    return call(CsiCall.LIST_VOLUMES, request);
  }

  default Outcome<ControllerGetVolumeResponse> getVolume(ControllerGetVolumeRequest request) {
    return call(CsiCall.GET_VOLUME, request);
  }

  default Outcome<ControllerModifyVolumeResponse> modifyVolume(
      ControllerModifyVolumeRequest request) {
    return call(CsiCall.MODIFY_VOLUME, request);
  }

  default Outcome<ControllerExpandVolumeResponse> expandVolume(
      ControllerExpandVolumeRequest request) {
    return call(CsiCall.EXPAND_VOLUME, request);
  }

  default Outcome<GetCapacityResponse> getCapacity(GetCapacityRequest request) {
    return call(CsiCall.GET_CAPACITY, request);
  }

  default Outcome<CreateSnapshotResponse> createSnapshot(CreateSnapshotRequest request) {
    return call(CsiCall.CREATE_SNAPSHOT, request);
  }

  default Outcome<DeleteSnapshotResponse> deleteSnapshot(DeleteSnapshotRequest request) {
    return call(CsiCall.DELETE_SNAPSHOT, request);
  }

  default Outcome<GetSnapshotResponse> getSnapshot(GetSnapshotRequest request) {
    return call(CsiCall.GET_SNAPSHOT, request);
  }

  default Outcome<ListSnapshotsResponse> listSnapshots(ListSnapshotsRequest request) {
    return call(CsiCall.LIST_SNAPSHOTS, request);
  }

  default Outcome<CreateVolumeGroupSnapshotResponse> createGroupSnapshot(
      CreateVolumeGroupSnapshotRequest request) {
    return call(CsiCall.CREATE_GROUP_SNAPSHOT, request);
  }

  default Outcome<DeleteVolumeGroupSnapshotResponse> deleteGroupSnapshot(
      DeleteVolumeGroupSnapshotRequest request) {
    return call(CsiCall.DELETE_GROUP_SNAPSHOT, request);
  }

  default Outcome<GetVolumeGroupSnapshotResponse> getGroupSnapshot(
      GetVolumeGroupSnapshotRequest request) {
    return call(CsiCall.GET_GROUP_SNAPSHOT, request);
  }

  default Outcome<NodeGetInfoResponse> nodeGetInfo(NodeGetInfoRequest request) {
    return call(CsiCall.NODE_GET_INFO, request);
  }
}
