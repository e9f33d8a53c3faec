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
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the attacher writes: one method per patch. Each writes only to what was looked at: a request
 * of a process that has died may arrive late, when the attachment of the same volume to the same
 * node has come again, which has the same name. So each patch has the UID as its condition, or the
 * version where that must not have changed. A UID in a merge patch of the status would be no
 * condition: the API server ignores it there.
 */
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

  void attached(Meta seen, Map<String, String> context) {
    var status = JsonNodeFactory.instance.objectNode();
    status.put("attached", true);
    if (!context.isEmpty()) {
      var metadata = status.putObject("attachmentMetadata");
      context.forEach(metadata::put);
    }
    writeStatus(seen, "/status", status);
  }

  /** {@code code} is the driver's own, missing where the driver had no part in it. */
  void attachFailed(Meta seen, String message, @Nullable Code code) {
    var error = error(message);
    if (code != null && errorCodes == ErrorCodes.WRITTEN) {
      error.put("errorCode", code.number());
    }
    writeStatus(seen, "/status/attachError", error);
  }

  /** What a released attachment is afterwards. */
  sealed interface Left {

    record Gone() implements Left {}

    /** Others hold it still. */
    record Held(Meta meta) implements Left {}
  }

  /** From now on the attachment counts as detached, whatever its status says. */
  Left releaseAttachment(Meta attachment) {
    try {
      var left =
          cluster.patch(
              Attachment.KIND,
              attachment.key(),
              Patch.operations(FinalizerPatch.remove(attachment, finalizer)));
      return left.meta().finalizers().isEmpty() ? new Left.Gone() : new Left.Held(left.meta());
    } catch (ApiFailure.NotFound _) {
      return new Left.Gone();
    }
  }

  /** For those whose finalizers keep a released attachment. */
  void detached(Meta seen) {
    try {
      writeStatus(seen, "/status", JsonNodeFactory.instance.objectNode().put("attached", false));
    } catch (ApiFailure.NotFound _) {
      // The others have let go meanwhile, which says it all.
    }
  }

  void detachFailed(Meta seen, String message) {
    writeStatus(seen, "/status/detachError", error(message));
  }

  private ObjectNode error(String message) {
    var error = JsonNodeFactory.instance.objectNode();
    error.put("message", ErrorText.fit(message));
    error.put("time", time.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return error;
  }

  /** The API server shows a status on every attachment, so there is always one to write into. */
  private void writeStatus(Meta seen, String path, ObjectNode value) {
    var operations = JsonNodeFactory.instance.arrayNode();
    operations.addObject().put("op", "test").put("path", "/metadata/uid").put("value", seen.uid());
    operations.addObject().put("op", "add").put("path", path).set("value", value);
    cluster.patch(Attachment.KIND, seen.key(), Patch.operationsOnStatus(operations));
  }
}
