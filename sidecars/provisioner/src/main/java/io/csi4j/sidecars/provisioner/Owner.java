package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.MetaFields;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.Locale;

/** Whose an object is: what goes when the owner goes. */
record Owner(String apiVersion, String kind, String name, String uid) {
  private static final ObjectMapper TREES = new ObjectMapper();

  /** The pod itself at level 0, what controls it at level 1, and so on. */
  static Owner of(Cluster cluster, ObjectKey pod, int level) {
    var owned = read(cluster, new Owner("v1", "Pod", pod.name(), ""), pod.namespace());
    var owner = new Owner("v1", "Pod", pod.name(), owned.meta().uid());
    for (var step = 1; step <= level; step++) {
      owner = owned.controller(owner);
      if (step < level) {
        owned = read(cluster, owner, pod.namespace());
      }
    }
    return owner;
  }

  private static Owned read(Cluster cluster, Owner object, String namespace) {
    var slash = object.apiVersion().indexOf('/');
    var kind =
        new Kind<>(
            slash < 0 ? "" : object.apiVersion().substring(0, slash),
            object.apiVersion().substring(slash + 1),
            object.kind().toLowerCase(Locale.ROOT) + "s",
            object.kind(),
            Kind.Scope.NAMESPACED,
            Owned::read);
    return cluster
        .read(kind, new ObjectKey(namespace, object.name()))
        .orElseThrow(
            () ->
                new Component.Fatal(
                    "--capacity-ownerref-level: %s %s/%s not found"
                        .formatted(object.kind(), namespace, object.name())));
  }

  void addTo(ObjectNode metadata) {
    var owners = metadata.withArray("/ownerReferences");
    owners
        .addObject()
        .put("apiVersion", apiVersion)
        .put("kind", kind)
        .put("name", name)
        .put("uid", uid)
        .put("controller", true);
  }

  /** An object of any kind, of which only its owners count. */
  private record Owned(Meta meta, JsonNode owners) implements Resource {

    static Owned read(JsonParser json) throws IOException {
      JsonNode object = TREES.readTree(json);
      var metadata = object.path("metadata");
      try (var again = metadata.traverse()) {
        again.nextToken();
        return new Owned(MetaFields.read(again), metadata.path("ownerReferences"));
      }
    }

    Owner controller(Owner self) {
      for (var owner : owners) {
        if (owner.path("controller").asBoolean()) {
          return new Owner(
              owner.path("apiVersion").asText(),
              owner.path("kind").asText(),
              owner.path("name").asText(),
              owner.path("uid").asText());
        }
      }
      throw new Component.Fatal(
          "--capacity-ownerref-level: %s %s has no controller: choose a lower level"
              .formatted(self.kind(), self.name()));
    }
  }
}
