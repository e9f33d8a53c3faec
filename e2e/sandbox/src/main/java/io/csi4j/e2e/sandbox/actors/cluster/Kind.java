package io.csi4j.e2e.sandbox.actors.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;

/** The kinds that actors read or write. */
public enum Kind {
  POD("", "pods", "Pod", true),
  CLAIM("", "persistentvolumeclaims", "PersistentVolumeClaim", true),
  VOLUME("", "persistentvolumes", "PersistentVolume", false),
  NODE("", "nodes", "Node", false),
  SECRET("", "secrets", "Secret", true),
  SERVICE_ACCOUNT("", "serviceaccounts", "ServiceAccount", true),
  EVENT("", "events", "Event", true),
  CLASS("storage.k8s.io", "storageclasses", "StorageClass", false),
  DRIVER("storage.k8s.io", "csidrivers", "CSIDriver", false),
  CSI_NODE("storage.k8s.io", "csinodes", "CSINode", false),
  CAPACITY("storage.k8s.io", "csistoragecapacities", "CSIStorageCapacity", true),
  ATTACHMENT("storage.k8s.io", "volumeattachments", "VolumeAttachment", false),
  ATTRIBUTES_CLASS("storage.k8s.io", "volumeattributesclasses", "VolumeAttributesClass", false);

  private final String group;
  private final String plural;
  private final String word;
  private final boolean namespaced;

  Kind(String group, String plural, String word, boolean namespaced) {
    this.group = group;
    this.plural = plural;
    this.word = word;
    this.namespaced = namespaced;
  }

  public String group() {
    return group;
  }

  public String plural() {
    return plural;
  }

  /** As {@code kind} in objects. */
  public String word() {
    return word;
  }

  public String apiVersion() {
    return group.isEmpty() ? "v1" : group + "/v1";
  }

  /** The name of the kind's place in the store. */
  public String shelf() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /**
   * The segments of a path; an empty namespace stands for all, an empty name for the collection.
   */
  List<String> path(String namespace, String name, String subresource) {
    var path = new ArrayList<String>();
    path.add(group.isEmpty() ? "api" : "apis");
    if (!group.isEmpty()) {
      path.add(group);
    }
    path.add("v1");
    if (namespaced && !namespace.isEmpty()) {
      path.add("namespaces");
      path.add(namespace);
    }
    path.add(plural);
    for (var rest : List.of(name, subresource)) {
      if (!rest.isEmpty()) {
        path.add(rest);
      }
    }
    return path;
  }

  /** A new object of this kind with a name. */
  public ObjectNode named(String namespace, String name) {
    var object = Json.object().put("apiVersion", apiVersion()).put("kind", word);
    var metadata = object.putObject("metadata").put("name", name);
    if (namespaced) {
      metadata.put("namespace", namespace);
    }
    return object;
  }
}
