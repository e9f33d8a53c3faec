package io.csi4j.app.demo;

/** The kinds of objects that the story is about. */
enum Thing {
  CLAIM("/api/v1", "persistentvolumeclaims", Scope.NAMESPACE),
  VOLUME("/api/v1", "persistentvolumes", Scope.CLUSTER),
  POD("/api/v1", "pods", Scope.NAMESPACE),
  EVENT("/api/v1", "events", Scope.NAMESPACE),
  ROLE_BINDING("/apis/rbac.authorization.k8s.io/v1", "clusterrolebindings", Scope.CLUSTER),
  CLASS("/apis/storage.k8s.io/v1", "storageclasses", Scope.CLUSTER),
  DRIVER("/apis/storage.k8s.io/v1", "csidrivers", Scope.CLUSTER),
  CSI_NODE("/apis/storage.k8s.io/v1", "csinodes", Scope.CLUSTER),
  ATTACHMENT("/apis/storage.k8s.io/v1", "volumeattachments", Scope.CLUSTER);

  private final String group;
  private final String plural;
  private final Scope scope;

  private enum Scope {
    CLUSTER,
    NAMESPACE
  }

  Thing(String group, String plural, Scope scope) {
    this.group = group;
    this.plural = plural;
    this.scope = scope;
  }

  String plural() {
    return plural;
  }

  /** Where all are; for kinds that are in no namespace, its name does not matter. */
  String path(String namespace) {
    return switch (scope) {
      case CLUSTER -> group + "/" + plural;
      case NAMESPACE -> "%s/namespaces/%s/%s".formatted(group, namespace, plural);
    };
  }
}
