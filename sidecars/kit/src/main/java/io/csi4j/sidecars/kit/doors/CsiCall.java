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
 * One call of CSI, by its name on the wire and the types that it takes and gives. What treats all
 * calls alike (fences, recorders, the connection itself) is written once, for this.
 */
public record CsiCall<Q extends Message, R extends Message>(
    String service, String name, Class<Q> request, Class<R> reply) {
  public static final CsiCall<CreateVolumeRequest, CreateVolumeResponse> CREATE_VOLUME =
      of(
          "csi.v1.Controller",
          "CreateVolume",
          CreateVolumeRequest.class,
          CreateVolumeResponse.class);
  public static final CsiCall<DeleteVolumeRequest, DeleteVolumeResponse> DELETE_VOLUME =
      of(
          "csi.v1.Controller",
          "DeleteVolume",
          DeleteVolumeRequest.class,
          DeleteVolumeResponse.class);
  public static final CsiCall<ControllerPublishVolumeRequest, ControllerPublishVolumeResponse>
      CONTROLLER_PUBLISH =
          of(
              "csi.v1.Controller",
              "ControllerPublishVolume",
              ControllerPublishVolumeRequest.class,
              ControllerPublishVolumeResponse.class);
  public static final CsiCall<ControllerUnpublishVolumeRequest, ControllerUnpublishVolumeResponse>
      CONTROLLER_UNPUBLISH =
          of(
              "csi.v1.Controller",
              "ControllerUnpublishVolume",
              ControllerUnpublishVolumeRequest.class,
              ControllerUnpublishVolumeResponse.class);
  public static final CsiCall<ValidateVolumeCapabilitiesRequest, ValidateVolumeCapabilitiesResponse>
      VALIDATE_VOLUME_CAPABILITIES =
          of(
              "csi.v1.Controller",
              "ValidateVolumeCapabilities",
              ValidateVolumeCapabilitiesRequest.class,
              ValidateVolumeCapabilitiesResponse.class);
  public static final CsiCall<ListVolumesRequest, ListVolumesResponse> LIST_VOLUMES =
      of("csi.v1.Controller", "ListVolumes", ListVolumesRequest.class, ListVolumesResponse.class);
  public static final CsiCall<ControllerGetVolumeRequest, ControllerGetVolumeResponse> GET_VOLUME =
      of(
          "csi.v1.Controller",
          "ControllerGetVolume",
          ControllerGetVolumeRequest.class,
          ControllerGetVolumeResponse.class);
  public static final CsiCall<ControllerModifyVolumeRequest, ControllerModifyVolumeResponse>
      MODIFY_VOLUME =
          of(
              "csi.v1.Controller",
              "ControllerModifyVolume",
              ControllerModifyVolumeRequest.class,
              ControllerModifyVolumeResponse.class);
  public static final CsiCall<ControllerExpandVolumeRequest, ControllerExpandVolumeResponse>
      EXPAND_VOLUME =
          of(
              "csi.v1.Controller",
              "ControllerExpandVolume",
              ControllerExpandVolumeRequest.class,
              ControllerExpandVolumeResponse.class);
  public static final CsiCall<GetCapacityRequest, GetCapacityResponse> GET_CAPACITY =
      of("csi.v1.Controller", "GetCapacity", GetCapacityRequest.class, GetCapacityResponse.class);
  public static final CsiCall<CreateSnapshotRequest, CreateSnapshotResponse> CREATE_SNAPSHOT =
      of(
          "csi.v1.Controller",
          "CreateSnapshot",
          CreateSnapshotRequest.class,
          CreateSnapshotResponse.class);
  public static final CsiCall<DeleteSnapshotRequest, DeleteSnapshotResponse> DELETE_SNAPSHOT =
      of(
          "csi.v1.Controller",
          "DeleteSnapshot",
          DeleteSnapshotRequest.class,
          DeleteSnapshotResponse.class);
  public static final CsiCall<GetSnapshotRequest, GetSnapshotResponse> GET_SNAPSHOT =
      of("csi.v1.Controller", "GetSnapshot", GetSnapshotRequest.class, GetSnapshotResponse.class);
  public static final CsiCall<ListSnapshotsRequest, ListSnapshotsResponse> LIST_SNAPSHOTS =
      of(
          "csi.v1.Controller",
          "ListSnapshots",
          ListSnapshotsRequest.class,
          ListSnapshotsResponse.class);
  public static final CsiCall<CreateVolumeGroupSnapshotRequest, CreateVolumeGroupSnapshotResponse>
      CREATE_GROUP_SNAPSHOT =
          of(
              "csi.v1.GroupController",
              "CreateVolumeGroupSnapshot",
              CreateVolumeGroupSnapshotRequest.class,
              CreateVolumeGroupSnapshotResponse.class);
  public static final CsiCall<DeleteVolumeGroupSnapshotRequest, DeleteVolumeGroupSnapshotResponse>
      DELETE_GROUP_SNAPSHOT =
          of(
              "csi.v1.GroupController",
              "DeleteVolumeGroupSnapshot",
              DeleteVolumeGroupSnapshotRequest.class,
              DeleteVolumeGroupSnapshotResponse.class);
  public static final CsiCall<GetVolumeGroupSnapshotRequest, GetVolumeGroupSnapshotResponse>
      GET_GROUP_SNAPSHOT =
          of(
              "csi.v1.GroupController",
              "GetVolumeGroupSnapshot",
              GetVolumeGroupSnapshotRequest.class,
              GetVolumeGroupSnapshotResponse.class);
  public static final CsiCall<NodeGetInfoRequest, NodeGetInfoResponse> NODE_GET_INFO =
      of("csi.v1.Node", "NodeGetInfo", NodeGetInfoRequest.class, NodeGetInfoResponse.class);

  /** As gRPC names it: {@code csi.v1.Controller/CreateVolume}. */
  public String fullName() {
    return service + "/" + name;
  }

  @Override
  public String toString() {
    return name;
  }

  private static <Q extends Message, R extends Message> CsiCall<Q, R> of(
      String service, String name, Class<Q> request, Class<R> reply) {
    return new CsiCall<>(service, name, request, reply);
  }
}
