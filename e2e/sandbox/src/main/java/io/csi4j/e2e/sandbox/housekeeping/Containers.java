package io.csi4j.e2e.sandbox.housekeeping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.api.Hands;
import io.csi4j.e2e.sandbox.api.Holdings;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.rules.Finalizers;
import io.csi4j.e2e.sandbox.store.Change;
import io.csi4j.e2e.sandbox.store.Entry;
import java.util.List;

/** Empties namespaces that are to go, and kinds whose definition is. */
final class Containers {
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
  private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  private final Holdings holdings;
  private final Hands hands;

  Containers(Holdings holdings, Hands hands) {
    this.holdings = holdings;
    this.hands = hands;
  }

  void look(Change change) {
    var object = change.after().object();
    switch (change.shelf()) {
      case "namespaces" -> namespace(change, object);
      case DEFINITIONS -> definition(object);
      default -> {
        if (change.type() == Change.Type.DELETED) {
          left(change, object);
        }
      }
    }
  }

  private void namespace(Change change, ObjectNode namespace) {
    if (change.type() == Change.Type.ADDED) {
      var account = Json.object().put("kind", "ServiceAccount").put("apiVersion", "v1");
      account.putObject("metadata").put("name", "default");
      var name = Json.text(namespace, "metadata", "name");
      hands.create(holdings.kinds().builtIn("", "serviceaccounts"), name, account);
    } else if (change.type() == Change.Type.MODIFIED) {
      empty(namespace);
    }
  }

  /** Whoever waits for what has just gone. */
  private void left(Change change, JsonNode gone) {
    var namespace = Json.text(gone, "metadata", "namespace");
    if (!namespace.isEmpty()) {
      holdings.find("", "namespaces", "", namespace).ifPresent(this::empty);
    }
    holdings
        .store()
        .get(DEFINITIONS, change.shelf())
        .map(Entry::object)
        .ifPresent(this::definition);
  }

  private void empty(ObjectNode namespace) {
    if (!Json.has(namespace, "metadata", "deletionTimestamp")) {
      return;
    }
    var name = Json.text(namespace, "metadata", "name");
    var found = false;
    for (var type : holdings.kinds().shelves()) {
      if (type.namespaced()) {
        var content =
            holdings.store().all(type.shelf()).stream()
                .filter(entry -> entry.namespace().equals(name))
                .toList();
        found |= !content.isEmpty();
        delete(type, content);
      }
    }
    if (!found) {
      hands.finish(holdings.kinds().builtIn("", "namespaces"), namespace);
    }
  }

  private void definition(ObjectNode definition) {
    if (!Json.has(definition, "metadata", "deletionTimestamp")
        || !Finalizers.has(definition, CLEANUP)) {
      return;
    }
    var shelf = Json.text(definition, "metadata", "name");
    var content = holdings.store().all(shelf);
    holdings.kinds().shelves().stream()
        .filter(type -> type.shelf().equals(shelf))
        .forEach(type -> delete(type, content));
    if (content.isEmpty()) {
      hands.removeFinalizer(
          holdings.kinds().builtIn("apiextensions.k8s.io", "customresourcedefinitions"),
          definition,
          CLEANUP);
    }
  }

  private void delete(ResourceType type, List<Entry> content) {
    for (var entry : content) {
      if (!Json.has(entry.object(), "metadata", "deletionTimestamp")) {
        hands.delete(type, entry.object(), "");
      }
    }
  }
}
