package io.csi4j.sidecars.kit.doors;

import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;

/**
 * The door to the CSI driver: one method per call that a controller makes, each with the deadline
 * that the sidecar was given. Requests hold secrets, so they are never logged; failures carry the
 * driver's words in the Go tools' form.
 */
public interface Driver {

  Outcome<CreateVolumeResponse> createVolume(CreateVolumeRequest request);

  Outcome<DeleteVolumeResponse> deleteVolume(DeleteVolumeRequest request);

  Outcome<ControllerPublishVolumeResponse> controllerPublish(
      ControllerPublishVolumeRequest request);

  Outcome<ControllerUnpublishVolumeResponse> controllerUnpublish(
      ControllerUnpublishVolumeRequest request);
}
