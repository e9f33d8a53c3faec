package io.csi4j.sidecars.attacher;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;

/**
 * When things happened to an attachment: of no use to the controller, which keeps only what it acts
 * on.
 *
 * @param created,deleted in the API's words, empty where it has not happened
 * @param told when its status last changed, by the API server's own account of who owns what
 */
record AttachmentPast(
    Meta meta,
    String created,
    String deleted,
    String told,
    Map<String, String> attachError,
    Map<String, String> detachError)
    implements Resource {

  static final AttachmentPast NONE =
      new AttachmentPast(MetaFields.none(), "", "", "", Map.of(), Map.of());

  static final Kind<AttachmentPast> KIND =
      new Kind<>(
          Attachment.KIND.group(),
          Attachment.KIND.version(),
          Attachment.KIND.plural(),
          Attachment.KIND.name(),
          Attachment.KIND.scope(),
          json -> new Builder().read(json));

  /** What went wrong last with what is wanted now; empty where nothing did. */
  String lastError(boolean deleting) {
    return (deleting ? detachError : attachError).getOrDefault("message", "");
  }

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private String created = "";
    private String deleted = "";
    private String told = "";
    private Map<String, String> attachError = Map.of();
    private Map<String, String> detachError = Map.of();

    AttachmentPast read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> Fields.each(json, name -> metadata(name, json));
              case "status" -> Fields.each(json, name -> status(name, json));
              default -> {}
            }
          });
      return new AttachmentPast(
          MetaFields.none(), created, deleted, told, attachError, detachError);
    }

    private void metadata(String field, JsonParser json) throws IOException {
      switch (field) {
        case "creationTimestamp" -> created = Fields.text(json);
        case "deletionTimestamp" -> deleted = Fields.text(json);
        case "managedFields" ->
            Fields.list(json, Builder::ownership).stream()
                .filter(Ownership::ofStatus)
                .map(Ownership::time)
                // All in UTC and of one form, so the order of texts is that of times.
                .max(Comparator.naturalOrder())
                .ifPresent(time -> told = time);
        default -> {}
      }
    }

    private record Ownership(boolean ofStatus, String time) {}

    private static Ownership ownership(JsonParser json) throws IOException {
      var fields = Fields.texts(json, Set.of("subresource", "time")::contains);
      return new Ownership(
          fields.getOrDefault("subresource", "").equals("status"), fields.getOrDefault("time", ""));
    }

    private void status(String field, JsonParser json) throws IOException {
      switch (field) {
        case "attachError" -> attachError = Fields.texts(json, _ -> true);
        case "detachError" -> detachError = Fields.texts(json, _ -> true);
        default -> {}
      }
    }
  }
}
