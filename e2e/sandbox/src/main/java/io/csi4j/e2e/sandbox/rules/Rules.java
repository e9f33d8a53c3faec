package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import java.util.List;

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
