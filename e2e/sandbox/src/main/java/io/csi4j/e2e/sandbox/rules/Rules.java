package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import java.util.List;
import java.util.Map;

/**
 * What the API server does with objects of one kind before it stores them. In this order: {@code
 * fill}, {@code prepare}, {@code check}, {@code admit}.
 */
public sealed interface Rules
    permits AttachmentRules,
        CapacityRules,
        ClaimRules,
        ClassRules,
        AttributesClassRules,
        CsiNodeRules,
        CustomRules,
        DefinitionRules,
        DriverRules,
        EventRules,
        LeaseRules,
        NamespaceRules,
        NoRules,
        PodRules,
        RoleRules,
        SecretRules,
        SnapshotRules,
        VolumeRules {

  Map<String, Rules> BY_SHELF =
      Map.ofEntries(
          Map.entry("persistentvolumeclaims", new ClaimRules()),
          Map.entry("persistentvolumes", new VolumeRules()),
          Map.entry("pods", new PodRules()),
          Map.entry("namespaces", new NamespaceRules()),
          Map.entry("secrets", new SecretRules()),
          Map.entry("configmaps", new SecretRules()),
          Map.entry("events", new EventRules()),
          Map.entry("leases.coordination.k8s.io", new LeaseRules()),
          Map.entry("storageclasses.storage.k8s.io", new ClassRules()),
          Map.entry("volumeattachments.storage.k8s.io", new AttachmentRules()),
          Map.entry("csidrivers.storage.k8s.io", new DriverRules()),
          Map.entry("csinodes.storage.k8s.io", new CsiNodeRules()),
          Map.entry("csistoragecapacities.storage.k8s.io", new CapacityRules()),
          Map.entry("volumeattributesclasses.storage.k8s.io", new AttributesClassRules()),
          Map.entry("roles.rbac.authorization.k8s.io", new RoleRules()),
          Map.entry("clusterroles.rbac.authorization.k8s.io", new RoleRules()),
          Map.entry("rolebindings.rbac.authorization.k8s.io", new RoleRules()),
          Map.entry("clusterrolebindings.rbac.authorization.k8s.io", new RoleRules()),
          Map.entry("customresourcedefinitions.apiextensions.k8s.io", new DefinitionRules()),
          Map.entry("volumesnapshots.snapshot.storage.k8s.io", new SnapshotRules()),
          Map.entry("volumesnapshotcontents.snapshot.storage.k8s.io", new SnapshotRules()));

  static Rules of(ResourceType type) {
    var own = BY_SHELF.get(type.shelf());
    if (own != null) {
      return own;
    }
    return type.has(ResourceType.Trait.CUSTOM) ? new CustomRules() : new NoRules();
  }

  /** Fills in what the client left open, by the kind's schema and by its rules. */
  static void complete(ResourceType type, ObjectNode object) {
    SchemaDefaults.fill(object, type.schema());
    of(type).fill(object);
  }

  /** Fills in what the client left open, at every write. */
  default void fill(ObjectNode object) {}

  /** Sets what is not the client's to set in a new object. */
  default void prepareCreate(ObjectNode object, World world) {}

  /** Resets what is not the client's to change. */
  default void prepareUpdate(JsonNode old, ObjectNode object, World world) {}

  default void check(ResourceType type, JsonNode object, Complaints complaints) {}

  default void checkUpdate(JsonNode old, JsonNode object, Complaints complaints) {}

  /** What only a look at other objects can tell; refuses with 403. */
  default List<String> admitUpdate(JsonNode old, JsonNode object, World world) {
    return List.of();
  }
}
