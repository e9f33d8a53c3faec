package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A StorageClass.
 *
 * @param allowedTopologies alternatives; each demands a value for every one of its keys
 */
public record StorageClass(
    Meta meta,
    String provisioner,
    Map<String, String> parameters,
    String reclaimPolicy,
    List<String> mountOptions,
    String bindingMode,
    List<TopologyTerm> allowedTopologies)
    implements Resource {

  /** Key to allowed values. */
  public record TopologyTerm(Map<String, List<String>> values) {}

  public static final Kind<StorageClass> KIND =
      new Kind<>(
          "storage.k8s.io",
          "v1",
          "storageclasses",
          "StorageClass",
          Kind.Scope.CLUSTER,
          json -> new Builder().read(json));

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private String provisioner = "";
    private Map<String, String> parameters = Map.of();
    private String reclaimPolicy = "Delete";
    private List<String> mountOptions = List.of();
    private String bindingMode = "Immediate";
    private List<TopologyTerm> allowedTopologies = List.of();

    StorageClass read(JsonParser json) throws IOException {
      Fields.each(json, field -> visit(field, json));
      return new StorageClass(
          meta,
          provisioner,
          parameters,
          reclaimPolicy,
          mountOptions,
          bindingMode,
          allowedTopologies);
    }

    private void visit(String field, JsonParser json) throws IOException {
      switch (field) {
        case "metadata" -> meta = MetaFields.read(json);
        case "provisioner" -> provisioner = Fields.sharedText(json);
        case "parameters" -> parameters = Fields.texts(json, _ -> true);
        case "reclaimPolicy" -> reclaimPolicy = Fields.sharedText(json);
        case "mountOptions" -> mountOptions = Fields.sharedTexts(json);
        case "volumeBindingMode" -> bindingMode = Fields.sharedText(json);
        case "allowedTopologies" -> allowedTopologies = Fields.list(json, Builder::term);
        default -> {}
      }
    }

    private static TopologyTerm term(JsonParser json) throws IOException {
      var values = new java.util.LinkedHashMap<String, List<String>>();
      Fields.each(
          json,
          field -> {
            if (field.equals("matchLabelExpressions")) {
              Fields.list(json, element -> expression(element, values));
            }
          });
      return new TopologyTerm(java.util.Collections.unmodifiableMap(values));
    }

    private static String expression(JsonParser json, Map<String, List<String>> into)
        throws IOException {
      var key = new String[] {""};
      var values = new java.util.ArrayList<String>();
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "key" -> key[0] = Fields.sharedText(json);
              case "values" -> values.addAll(Fields.sharedTexts(json));
              default -> {}
            }
          });
      into.put(key[0], List.copyOf(values));
      return key[0];
    }
  }
}
