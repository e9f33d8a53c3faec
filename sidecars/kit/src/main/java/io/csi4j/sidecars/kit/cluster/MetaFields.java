package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Reads {@code metadata}. */
public final class MetaFields {

  /**
   * kubectl's copy of the whole object, of no use to any controller and larger than all the rest.
   */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private String namespace = "";
  private String name = "";
  private String uid = "";
  private String resourceVersion = "";
  private boolean deleting;
  private List<String> finalizers = List.of();
  private Map<String, String> annotations = Map.of();
  private Map<String, String> labels = Map.of();

  private MetaFields() {}

  public static Meta read(JsonParser json) throws IOException {
    var fields = new MetaFields();
    Fields.each(json, field -> fields.visit(field, json));
    return new Meta(
        new ObjectKey(fields.namespace, fields.name),
        fields.uid,
        fields.resourceVersion,
        fields.deleting,
        fields.finalizers,
        fields.annotations,
        fields.labels);
  }

  /** What stands for metadata that is missing. */
  public static Meta none() {
    return new Meta(ObjectKey.cluster(""), "", "", false, List.of(), Map.of(), Map.of());
  }

  private void visit(String field, JsonParser json) throws IOException {
    switch (field) {
      case "name" -> name = Fields.text(json);
      case "namespace" -> namespace = Fields.sharedText(json);
      case "uid" -> uid = Fields.text(json);
      case "resourceVersion" -> resourceVersion = Fields.text(json);
      case "deletionTimestamp" -> deleting = json.currentToken() != JsonToken.VALUE_NULL;
      case "finalizers" -> finalizers = Fields.sharedTexts(json);
      case "annotations" -> annotations = Fields.texts(json, key -> !key.equals(LAST_APPLIED));
      case "labels" -> labels = Fields.texts(json, _ -> true);
      default -> {}
    }
  }
}
