package io.csi4j.e2e.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.api.Holdings;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.store.Store;
import io.csi4j.e2e.sandbox.store.Transition;
import java.util.List;

/** What every cluster has from its beginning. */
record FirstObjects(Holdings holdings) {

  void create() {
    for (var name : List.of("default", "kube-node-lease", "kube-public", "kube-system")) {
      var namespace = object("v1", "Namespace", "", name);
      Json.child(namespace, "metadata")
          .putObject("labels")
          .put("kubernetes.io/metadata.name", name);
      namespace.putObject("spec").putArray("finalizers").add("kubernetes");
      namespace.putObject("status").put("phase", "Active");
      put("namespaces", namespace);
      put("serviceaccounts", object("v1", "ServiceAccount", name, "default"));
    }
    role("cluster-admin", "*", "*", "*");
    bind("cluster-admin", "cluster-admin", "system:masters");
    role("system:basic-user", "create", "authorization.k8s.io", "selfsubjectaccessreviews");
    bind("system:basic-user", "system:basic-user", "system:authenticated");
  }

  private void role(String name, String verb, String group, String resource) {
    var role = object("rbac.authorization.k8s.io/v1", "ClusterRole", "", name);
    var rule = role.putArray("rules").addObject();
    rule.putArray("apiGroups").add(group);
    rule.putArray("resources").add(resource);
    rule.putArray("verbs").add(verb);
    put("clusterroles.rbac.authorization.k8s.io", role);
  }

  private void bind(String name, String role, String group) {
    var rbac = "rbac.authorization.k8s.io";
    var binding = object(rbac + "/v1", "ClusterRoleBinding", "", name);
    binding.putObject("roleRef").put("apiGroup", rbac).put("kind", "ClusterRole").put("name", role);
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", "Group")
        .put("apiGroup", rbac)
        .put("name", group);
    put("clusterrolebindings.rbac.authorization.k8s.io", binding);
  }

  private ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    var object = Json.object().put("kind", kind).put("apiVersion", apiVersion);
    var metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    metadata.put("uid", holdings.surroundings().newUid());
    metadata.put("creationTimestamp", Times.text(holdings.now()));
    return object;
  }

  private void put(String shelf, ObjectNode object) {
    var metadata = object.path("metadata");
    var key = Store.key(Json.text(metadata, "namespace"), Json.text(metadata, "name"));
    holdings.store().write(shelf, key, _ -> new Transition.Put(object));
  }
}
