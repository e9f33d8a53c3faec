package io.csi4j.sidecars.attacher;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.attacher.AttacherOptions.ErrorCodes;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.FinalizerPatch;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the attacher writes: one method per patch. */
final class AttachmentWriter {
  private final Cluster cluster;
  private final Time time;
  private final String finalizer;
  private final ErrorCodes errorCodes;

  AttachmentWriter(Cluster cluster, Time time, String finalizer, ErrorCodes errorCodes) {
    this.cluster = cluster;
    this.time = time;
    this.finalizer = finalizer;
    this.errorCodes = errorCodes;
  }

  /** Keeps the volume, with its handle and the place of its secrets, until it is detached. */
  void holdVolume(Meta volume) {
    cluster.patch(
        Volume.KIND, volume.key(), Patch.operations(FinalizerPatch.add(volume, finalizer)));
  }

  void releaseVolume(Meta volume) {
    try {
      cluster.patch(
          Volume.KIND, volume.key(), Patch.operations(FinalizerPatch.remove(volume, finalizer)));
    } catch (ApiFailure.NotFound _) {
      // Gone is as good as released.
    }
  }

  /**
   * Remembers, before the driver is called, that the volume may be attached and to which node. One
   * patch for both, on condition that nobody has changed the attachment since it was looked at.
   */
  void holdAttachment(Meta attachment, String nodeId) {
    var metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("resourceVersion", attachment.resourceVersion());
    metadata.putObject("annotations").put(AttacherNames.NODE_ID, nodeId);
    if (!attachment.hasFinalizer(finalizer)) {
      var finalizers = metadata.putArray("finalizers");
      attachment.finalizers().forEach(finalizers::add);
      finalizers.add(finalizer);
    }
    var body = JsonNodeFactory.instance.objectNode();
    body.set("metadata", metadata);
    cluster.patch(Attachment.KIND, attachment.key(), Patch.merge(body));
  }

  void attached(ObjectKey key, Map<String, String> context) {
    var status = JsonNodeFactory.instance.objectNode();
    status.putNull("attachError");
    status.put("attached", true);
    if (!context.isEmpty()) {
      var metadata = status.putObject("attachmentMetadata");
      context.forEach(metadata::put);
    }
    patchStatus(key, status);
  }

  /** {@code code} is the driver's own, missing where the driver had no part in it. */
  void attachFailed(ObjectKey key, String message, @Nullable Code code) {
    var status = JsonNodeFactory.instance.objectNode();
    var error = error(status.putObject("attachError"), message);
    if (code != null && errorCodes == ErrorCodes.WRITTEN) {
      error.put("errorCode", code.number());
    }
    patchStatus(key, status);
  }

  /** What a released attachment is afterwards. */
  enum Left {
    GONE,
    HELD_BY_OTHERS
  }

  /** From now on the attachment counts as detached, whatever its status says. */
  Left releaseAttachment(Meta attachment) {
    try {
      var left =
          cluster.patch(
              Attachment.KIND,
              attachment.key(),
              Patch.operations(FinalizerPatch.remove(attachment, finalizer)));
      return left.meta().finalizers().isEmpty() ? Left.GONE : Left.HELD_BY_OTHERS;
    } catch (ApiFailure.NotFound _) {
      return Left.GONE;
    }
  }

  /** For those whose finalizers keep a released attachment. */
  void detached(ObjectKey key) {
    var status = JsonNodeFactory.instance.objectNode();
    status.put("attached", false);
    status.putNull("attachmentMetadata");
    status.putNull("detachError");
    try {
      patchStatus(key, status);
    } catch (ApiFailure.NotFound _) {
      // The others have let go meanwhile, which says it all.
    }
  }

  void detachFailed(ObjectKey key, String message) {
    var status = JsonNodeFactory.instance.objectNode();
    error(status.putObject("detachError"), message);
    patchStatus(key, status);
  }

  private ObjectNode error(ObjectNode error, String message) {
    error.put("message", ErrorText.fit(message));
    error.put("time", time.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return error;
  }

  private void patchStatus(ObjectKey key, ObjectNode status) {
    var body = JsonNodeFactory.instance.objectNode();
    body.set("status", status);
    cluster.patch(Attachment.KIND, key, Patch.mergeStatus(body));
  }
}
