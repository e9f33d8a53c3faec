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
import io.csi4j.e2e.sandbox.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows owner references when owners go: in the background, before them, or not at all. */
final class Dependants {
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final Holdings holdings;
  private final Hands hands;

  /** Whom each owner owns, by its uid. Used by the housekeeper's thread only. */
  private final Map<String, Set<Place>> owned = new HashMap<>();

  Dependants(Holdings holdings, Hands hands) {
    this.holdings = holdings;
    this.hands = hands;
  }

  /** Where an object lies in the store. */
  private record Place(String shelf, String key) {}

  void look(Change change) {
    index(change);
    var object = change.after().object();
    if (change.type() == Change.Type.DELETED) {
      dependants(object).forEach(this::review);
      // An owner that waits for this one may have waited for it alone.
      owners(object).forEach(owner -> find(owner, object).ifPresent(found -> end(found)));
      return;
    }
    review(new Place(change.shelf(), change.key()));
    if (Json.has(object, "metadata", "deletionTimestamp")) {
      end(object);
    }
  }

  private void index(Change change) {
    var place = new Place(change.shelf(), change.key());
    var before = change.before();
    if (before != null) {
      owners(before.object())
          .forEach(owner -> owned.getOrDefault(uid(owner), new LinkedHashSet<>()).remove(place));
    }
    if (change.type() != Change.Type.DELETED) {
      owners(change.after().object())
          .forEach(
              owner -> owned.computeIfAbsent(uid(owner), _ -> new LinkedHashSet<>()).add(place));
    }
  }

  private List<Place> dependants(JsonNode owner) {
    return List.copyOf(owned.getOrDefault(Json.text(owner, "metadata", "uid"), Set.of()));
  }

  private static List<JsonNode> owners(JsonNode object) {
    return Json.items(object, "metadata", "ownerReferences").toList();
  }

  private static String uid(JsonNode owner) {
    return Json.text(owner, "uid");
  }

  /** Deletes an object whose owners are all gone; forgets those of several that are. */
  private void review(Place place) {
    var object = holdings.store().get(place.shelf(), place.key()).map(Entry::object);
    if (object.isEmpty() || owners(object.get()).isEmpty()) {
      return;
    }
    var found = object.get();
    var left = owners(found).stream().filter(owner -> find(owner, found).isPresent()).toList();
    if (left.isEmpty()) {
      delete(found, "");
    } else if (left.size() < owners(found).size()) {
      type(found).ifPresent(type -> hands.setOwners(type, found, left));
    }
  }

  private void delete(ObjectNode object, String propagation) {
    if (!Json.has(object, "metadata", "deletionTimestamp")) {
      type(object).ifPresent(type -> hands.delete(type, object, propagation));
    }
  }

  private Optional<ResourceType> type(JsonNode object) {
    return holdings.kinds().byKind(Json.text(object, "apiVersion"), Json.text(object, "kind"));
  }

  /** The owner that a reference of the object means; another one of that name is not. */
  private Optional<ObjectNode> find(JsonNode owner, JsonNode object) {
    return holdings
        .kinds()
        .byKind(Json.text(owner, "apiVersion"), Json.text(owner, "kind"))
        .flatMap(
            type -> {
              var namespace = type.namespaced() ? Json.text(object, "metadata", "namespace") : "";
              return holdings
                  .store()
                  .get(type.shelf(), Store.key(namespace, Json.text(owner, "name")));
            })
        .map(Entry::object)
        .filter(found -> Json.text(found, "metadata", "uid").equals(uid(owner)));
  }

  /** Does what the owner's own deletion waits for. */
  private void end(ObjectNode owner) {
    if (!Json.has(owner, "metadata", "deletionTimestamp")) {
      return;
    }
    if (Finalizers.has(owner, ORPHAN)) {
      dependants(owner).forEach(place -> release(place, owner));
      type(owner).ifPresent(type -> hands.removeFinalizer(type, owner, ORPHAN));
    } else if (Finalizers.has(owner, FOREGROUND)) {
      var blocking = new ArrayList<Place>();
      for (var place : dependants(owner)) {
        holdings
            .store()
            .get(place.shelf(), place.key())
            .ifPresent(
                dependant -> {
                  delete(dependant.object(), "Foreground");
                  if (blocks(dependant.object(), owner)) {
                    blocking.add(place);
                  }
                });
      }
      if (blocking.isEmpty()) {
        type(owner).ifPresent(type -> hands.removeFinalizer(type, owner, FOREGROUND));
      }
    }
  }

  private static boolean blocks(JsonNode dependant, JsonNode owner) {
    return owners(dependant).stream()
        .anyMatch(
            reference ->
                uid(reference).equals(Json.text(owner, "metadata", "uid"))
                    && reference.path("blockOwnerDeletion").asBoolean());
  }

  private void release(Place place, JsonNode owner) {
    holdings
        .store()
        .get(place.shelf(), place.key())
        .map(Entry::object)
        .ifPresent(
            dependant -> {
              var left =
                  owners(dependant).stream()
                      .filter(each -> !uid(each).equals(Json.text(owner, "metadata", "uid")))
                      .toList();
              type(dependant).ifPresent(type -> hands.setOwners(type, dependant, left));
            });
  }
}
