package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import io.csi4j.sidecars.kit.cluster.Fields;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A ReferenceGrant: who may refer to what of its namespace. */
record Grant(Meta meta, List<Map<String, String>> from, List<Map<String, String>> to)
    implements Resource {
  static final Kind<Grant> KIND =
      new Kind<>(
          "gateway.networking.k8s.io",
          "v1beta1",
          "referencegrants",
          "ReferenceGrant",
          Kind.Scope.NAMESPACED,
          json -> new Builder().read(json));

  /** Whether claims of this namespace may be filled from that object. */
  boolean allows(String claimNamespace, String group, String kind, ObjectKey source) {
    return meta.namespace().equals(source.namespace())
        && from.stream().anyMatch(each -> isFrom(each, claimNamespace))
        && to.stream().anyMatch(each -> isTo(each, group, kind, source.name()));
  }

  private static boolean isFrom(Map<String, String> from, String namespace) {
    return from.getOrDefault("group", "").isEmpty()
        && Source.CLAIM_KIND.equals(from.get("kind"))
        && namespace.equals(from.get("namespace"));
  }

  private static boolean isTo(Map<String, String> to, String group, String kind, String name) {
    var only = to.getOrDefault("name", "");
    return to.getOrDefault("group", "").equals(group)
        && kind.equals(to.get("kind"))
        && (only.isEmpty() || only.equals(name));
  }

  /** Collects the fields while they stream by. */
  private static final class Builder {
    private Meta meta = MetaFields.none();
    private List<Map<String, String>> from = List.of();
    private List<Map<String, String>> to = List.of();

    Grant read(JsonParser json) throws IOException {
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "metadata" -> meta = MetaFields.read(json);
              case "spec" -> Fields.each(json, name -> spec(name, json));
              default -> {}
            }
          });
      return new Grant(meta, from, to);
    }

    private void spec(String field, JsonParser json) throws IOException {
      switch (field) {
        case "from" -> from = Fields.list(json, item -> Fields.texts(item, _ -> true));
        case "to" -> to = Fields.list(json, item -> Fields.texts(item, _ -> true));
        default -> {}
      }
    }
  }
}
