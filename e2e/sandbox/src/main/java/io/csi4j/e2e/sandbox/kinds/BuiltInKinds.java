package io.csi4j.e2e.sandbox.kinds;

import static io.csi4j.e2e.sandbox.kinds.ResourceType.Scope.CLUSTER;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Scope.NAMESPACED;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Trait.CREATE_ON_UPDATE;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Trait.GENERATION;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Trait.RETURNS_DELETED;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Trait.REVIEW;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Trait.STATUS;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Trait.STATUS_WRITES_METADATA;
import static io.csi4j.e2e.sandbox.kinds.ResourceType.Trait.UNCONDITIONAL_UPDATE;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Names;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Scope;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kinds that are there without a CRD. */
final class BuiltInKinds {
  private static final String STORAGE = "storage.k8s.io";
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final Set<Trait> LIVELY =
      Set.of(STATUS, STATUS_WRITES_METADATA, UNCONDITIONAL_UPDATE, RETURNS_DELETED);
  private static final Set<Trait> SIMPLE = Set.of(UNCONDITIONAL_UPDATE);
  private static final Set<Trait> RETURNED = Set.of(RETURNS_DELETED);

  private final FieldsText fields = FieldsText.load();
  private final List<ResourceType> types = new ArrayList<>();

  static List<ResourceType> all() {
    var kinds = new BuiltInKinds();
    kinds.core();
    kinds.storage();
    kinds.others();
    kinds.reviews();
    return List.copyOf(kinds.types);
  }

  private void core() {
    add("", "ConfigMap", NAMESPACED, SIMPLE, CoreColumns.configMap(), "cm");
    add(
        "",
        "Event",
        NAMESPACED,
        Set.of(UNCONDITIONAL_UPDATE, CREATE_ON_UPDATE),
        CoreColumns.event(),
        "ev");
    add(
        "",
        "Namespace",
        CLUSTER,
        Set.of(STATUS, STATUS_WRITES_METADATA, UNCONDITIONAL_UPDATE, RETURNS_DELETED),
        CoreColumns.namespace(),
        "ns");
    add(
        "",
        "Node",
        CLUSTER,
        Set.of(STATUS, STATUS_WRITES_METADATA, UNCONDITIONAL_UPDATE),
        CoreColumns.node(),
        "no");
    add("", "PersistentVolumeClaim", NAMESPACED, LIVELY, StorageColumns.claim(), "pvc");
    add("", "PersistentVolume", CLUSTER, LIVELY, StorageColumns.volume(), "pv");
    add(
        "",
        "Pod",
        NAMESPACED,
        Set.of(STATUS, STATUS_WRITES_METADATA, UNCONDITIONAL_UPDATE, RETURNS_DELETED, GENERATION),
        CoreColumns.pod(),
        "po");
    add("", "Secret", NAMESPACED, SIMPLE, CoreColumns.secret());
    add(
        "",
        "ServiceAccount",
        NAMESPACED,
        Set.of(UNCONDITIONAL_UPDATE, RETURNS_DELETED),
        CoreColumns.plain(),
        "sa");
  }

  private void storage() {
    add(
        STORAGE,
        "CSIDriver",
        CLUSTER,
        Set.of(RETURNS_DELETED, GENERATION),
        StorageColumns.driver());
    add(STORAGE, "CSINode", CLUSTER, RETURNED, StorageColumns.csiNode());
    add(STORAGE, "CSIStorageCapacity", NAMESPACED, RETURNED, CoreColumns.dated());
    add(
        STORAGE,
        "StorageClass",
        CLUSTER,
        Set.of(UNCONDITIONAL_UPDATE, RETURNS_DELETED),
        StorageColumns.storageClass(),
        "sc");
    add(
        STORAGE,
        "VolumeAttachment",
        CLUSTER,
        Set.of(STATUS, RETURNS_DELETED),
        StorageColumns.attachment());
    add(
        STORAGE,
        "VolumeAttributesClass",
        CLUSTER,
        Set.of(UNCONDITIONAL_UPDATE, RETURNS_DELETED),
        StorageColumns.attributesClasses(),
        "vac");
  }

  private void others() {
    add("coordination.k8s.io", "Lease", NAMESPACED, Set.of(CREATE_ON_UPDATE), CoreColumns.lease());
    var written = Set.of(UNCONDITIONAL_UPDATE, CREATE_ON_UPDATE);
    add("events.k8s.io", "Event", NAMESPACED, written, CoreColumns.event(), "ev");
    add(RBAC, "ClusterRole", CLUSTER, written, CoreColumns.dated());
    add(RBAC, "ClusterRoleBinding", CLUSTER, written, CoreColumns.binding());
    add(RBAC, "Role", NAMESPACED, written, CoreColumns.dated());
    add(RBAC, "RoleBinding", NAMESPACED, written, CoreColumns.binding());
    var names =
        new Names(
            "CustomResourceDefinition",
            "customresourcedefinitions",
            "customresourcedefinition",
            List.of("crd", "crds"),
            List.of("api-extensions"));
    types.add(
        new ResourceType(
            "apiextensions.k8s.io",
            "v1",
            names,
            CLUSTER,
            Set.of(STATUS, GENERATION),
            Fields.Open.ANY,
            MissingNode.getInstance(),
            CoreColumns.dated()));
  }

  private void reviews() {
    var asked = Set.of(REVIEW);
    add("authorization.k8s.io", "SelfSubjectAccessReview", CLUSTER, asked, List.of());
    add("authorization.k8s.io", "SubjectAccessReview", CLUSTER, asked, List.of());
    add("authentication.k8s.io", "SelfSubjectReview", CLUSTER, asked, List.of());
    add("authentication.k8s.io", "TokenReview", CLUSTER, asked, List.of());
  }

  private void add(
      String group,
      String kind,
      Scope scope,
      Set<Trait> traits,
      List<Column> columns,
      String... shortNames) {
    var singular = kind.toLowerCase(Locale.ROOT);
    var categories = kind.equals("Pod") ? List.of("all") : List.<String>of();
    var names = new Names(kind, plural(singular), singular, List.of(shortNames), categories);
    types.add(
        new ResourceType(
            group,
            "v1",
            names,
            scope,
            traits,
            fields.kind(kind),
            MissingNode.getInstance(),
            columns));
  }

  private static String plural(String singular) {
    if (singular.endsWith("s")) {
      return singular + "es";
    }
    return singular.endsWith("y")
        ? singular.substring(0, singular.length() - 1) + "ies"
        : singular + "s";
  }
}
