package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A VolumeAttachment.
 *
 * @param volumeName the PersistentVolume, missing for an inline volume
 * @param inline the volume where its specification is in the attachment itself; it has no name
 * @param attachError the last message in {@code status.attachError}, empty if none
 * @param detachError the last message in {@code status.detachError}, empty if none
 */
public record Attachment(
    Meta meta,
    String attacher,
    String nodeName,
    @Nullable String volumeName,
    @Nullable Volume inline,
    boolean attached,
    String attachError,
    String detachError)
    implements Resource {

  public static final Kind<Attachment> KIND =
      new Kind<>(
          "storage.k8s.io",
          "v1",
          "volumeattachments",
          "VolumeAttachment",
          Kind.Scope.CLUSTER,
          json -> new Builder().read(json));

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private String attacher = "";
    private String nodeName = "";
    private @Nullable String volumeName;
    private @Nullable Volume inline;
    private boolean attached;
    private String attachError = "";
    private String detachError = "";

    Attachment read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> meta = MetaFields.read(json);
              case "spec" -> Fields.each(json, name -> spec(name, json));
              case "status" -> Fields.each(json, name -> status(name, json));
              default -> {}
            }
          });
      return new Attachment(
          meta, attacher, nodeName, volumeName, inline, attached, attachError, detachError);
    }

    private void spec(String field, JsonParser json) throws IOException {
      switch (field) {
        case "attacher" -> attacher = Fields.sharedText(json);
        case "nodeName" -> nodeName = Fields.sharedText(json);
        case "source" -> Fields.each(json, name -> source(name, json));
        default -> {}
      }
    }

    private void source(String field, JsonParser json) throws IOException {
      switch (field) {
        case "persistentVolumeName" -> volumeName = Fields.text(json);
        case "inlineVolumeSpec" -> inline = Volume.ofSpec(json);
        default -> {}
      }
    }

    private void status(String field, JsonParser json) throws IOException {
      switch (field) {
        case "attached" -> attached = Fields.truth(json);
        case "attachError" -> attachError = message(json);
        case "detachError" -> detachError = message(json);
        default -> {}
      }
    }

    private static String message(JsonParser json) throws IOException {
      return Fields.texts(json, "message"::equals).getOrDefault("message", "");
    }
  }
}
