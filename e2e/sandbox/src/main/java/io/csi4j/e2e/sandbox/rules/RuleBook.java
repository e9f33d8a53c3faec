package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import java.util.Map;

/** Which rules a kind has. */
public final class RuleBook {
  private static final Map<String, Rules> BY_SHELF =
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

  private RuleBook() {}

  public static Rules of(ResourceType type) {
    var own = BY_SHELF.get(type.shelf());
    if (own != null) {
      return own;
    }
    return type.has(ResourceType.Trait.CUSTOM) ? new CustomRules() : new NoRules();
  }

  /** Fills in what the client left open, by the kind's schema and by its rules. */
  public static void complete(ResourceType type, ObjectNode object) {
    SchemaDefaults.fill(object, type.schema());
    of(type).fill(object);
  }
}
