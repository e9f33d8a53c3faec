package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Time;
import java.util.Map;

/** What the driver is asked to do; how long it takes sets the pace. */
record DriverCalls(Driver driver, PublishRequests requests, Pace pace, Time time) {

  Outcome<ControllerPublishVolumeResponse> publish(
      Attachment attachment, AttachStep.Publish step, Map<String, String> secrets) {
    var request = requests.publish(step, secrets);
    return pace.watch(
        Lane.ATTACH, attachment.nodeName(), time, () -> driver.controllerPublish(request));
  }

  Outcome<ControllerUnpublishVolumeResponse> unpublish(
      Attachment attachment, DetachStep.Unpublish step, Map<String, String> secrets) {
    var request = requests.unpublish(step, secrets);
    return pace.watch(
        Lane.DETACH, attachment.nodeName(), time, () -> driver.controllerUnpublish(request));
  }
}
