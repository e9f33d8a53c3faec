package io.csi4j.sidecars.kit.lease;

import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;

/** Calls only while leadership holds: to the storage, each of these is a write. */
record FencedDriver(Driver driver, Leadership leadership) implements Driver {

  @Override
  public Outcome<CreateVolumeResponse> createVolume(CreateVolumeRequest request) {
    leadership.check("CreateVolume");
    return driver.createVolume(request);
  }

  @Override
  public Outcome<DeleteVolumeResponse> deleteVolume(DeleteVolumeRequest request) {
    leadership.check("DeleteVolume");
    return driver.deleteVolume(request);
  }

  @Override
  public Outcome<ControllerPublishVolumeResponse> controllerPublish(
      ControllerPublishVolumeRequest request) {
    leadership.check("ControllerPublishVolume");
    return driver.controllerPublish(request);
  }

  @Override
  public Outcome<ControllerUnpublishVolumeResponse> controllerUnpublish(
      ControllerUnpublishVolumeRequest request) {
    leadership.check("ControllerUnpublishVolume");
    return driver.controllerUnpublish(request);
  }
}
