package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Quantity;
import io.csi4j.e2e.sandbox.store.Store;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What all objects have. */
public sealed interface ApiObject
    permits Attachment, Capacity, Claim, CsiDriver, CsiNode, Node, Pod, StorageClass, Volume {

  /** Not to be changed. */
  ObjectNode json();

  default String name() {
    return Json.text(json(), "metadata", "name");
  }

  default String namespace() {
    return Json.text(json(), "metadata", "namespace");
  }

  default String uid() {
    return Json.text(json(), "metadata", "uid");
  }

  /** Namespace and name. */
  default String key() {
    return Store.key(namespace(), name());
  }

  default boolean deleting() {
    return Json.has(json(), "metadata", "deletionTimestamp");
  }

  default String annotation(String key) {
    return Json.text(json(), "metadata", "annotations", key);
  }

  default boolean annotated(String key) {
    return Json.has(json(), "metadata", "annotations", key);
  }

  default Map<String, String> labels() {
    return texts("metadata", "labels");
  }

  default List<String> finalizers() {
    return Json.texts(json(), "metadata", "finalizers");
  }

  /** A map of texts somewhere in the object. */
  default Map<String, String> texts(String... path) {
    var texts = new TreeMap<String, String>();
    Json.at(json(), path)
        .properties()
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText("")));
    return texts;
  }

  /** A quantity somewhere in the object; zero where there is none. */
  default BigDecimal amount(String... path) {
    return Quantity.of(Json.text(json(), path)).map(Quantity::value).orElse(BigDecimal.ZERO);
  }
}
