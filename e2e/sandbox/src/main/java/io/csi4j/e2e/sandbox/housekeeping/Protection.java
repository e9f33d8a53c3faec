package io.csi4j.e2e.sandbox.housekeeping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.api.Hands;
import io.csi4j.e2e.sandbox.api.Holdings;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.rules.Finalizers;
import io.csi4j.e2e.sandbox.store.Change;
import java.util.List;

/** Takes protection finalizers away from what is to be deleted and not in use. */
final class Protection {
  private static final String CLAIM = "kubernetes.io/pvc-protection";
  private static final String VOLUME = "kubernetes.io/pv-protection";
  private static final String ATTRIBUTES_CLASS = "kubernetes.io/vac-protection";
  private static final String STORAGE = "storage.k8s.io";
  private static final String CLASSES = "volumeattributesclasses";

  private final Holdings holdings;
  private final Hands hands;

  Protection(Holdings holdings, Hands hands) {
    this.holdings = holdings;
    this.hands = hands;
  }

  void look(Change change) {
    var object = change.after().object();
    switch (change.shelf()) {
      case "persistentvolumeclaims" -> {
        claim(change, object);
        classes();
      }
      case "persistentvolumes" -> {
        volume(change, object);
        classes();
      }
      case "pods" -> claimsOf(object);
      case "volumeattributesclasses.storage.k8s.io" -> classes();
      default -> {}
    }
  }

  private static boolean waits(JsonNode object, String finalizer) {
    return Json.has(object, "metadata", "deletionTimestamp") && Finalizers.has(object, finalizer);
  }

  private void claim(Change change, ObjectNode claim) {
    if (change.type() != Change.Type.DELETED && waits(claim, CLAIM) && !isUsed(claim)) {
      hands.removeFinalizer(holdings.kinds().builtIn("", "persistentvolumeclaims"), claim, CLAIM);
    }
  }

  private void volume(Change change, ObjectNode volume) {
    var bound = Json.text(volume, "status", "phase").equals("Bound");
    if (change.type() != Change.Type.DELETED && waits(volume, VOLUME) && !bound) {
      hands.removeFinalizer(holdings.kinds().builtIn("", "persistentvolumes"), volume, VOLUME);
    }
  }

  private void claimsOf(JsonNode pod) {
    var namespace = Json.text(pod, "metadata", "namespace");
    for (var name : claimNames(pod)) {
      holdings
          .find("", "persistentvolumeclaims", namespace, name)
          .filter(claim -> waits(claim, CLAIM) && !isUsed(claim))
          .ifPresent(
              claim ->
                  hands.removeFinalizer(
                      holdings.kinds().builtIn("", "persistentvolumeclaims"), claim, CLAIM));
    }
  }

  private boolean isUsed(JsonNode claim) {
    var namespace = Json.text(claim, "metadata", "namespace");
    var name = Json.text(claim, "metadata", "name");
    return holdings.all("", "pods").stream()
        .filter(pod -> Json.text(pod, "metadata", "namespace").equals(namespace))
        .filter(pod -> !Json.text(pod, "spec", "nodeName").isEmpty())
        .filter(pod -> !List.of("Succeeded", "Failed").contains(Json.text(pod, "status", "phase")))
        .anyMatch(pod -> claimNames(pod).contains(name));
  }

  private static List<String> claimNames(JsonNode pod) {
    var podName = Json.text(pod, "metadata", "name");
    return Json.items(pod, "spec", "volumes")
        .map(
            volume ->
                volume.has("ephemeral")
                    ? podName + "-" + Json.text(volume, "name")
                    : Json.text(volume, "persistentVolumeClaim", "claimName"))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private void classes() {
    for (var found : holdings.all(STORAGE, CLASSES)) {
      if (waits(found, ATTRIBUTES_CLASS) && !isReferenced(Json.text(found, "metadata", "name"))) {
        hands.removeFinalizer(holdings.kinds().builtIn(STORAGE, CLASSES), found, ATTRIBUTES_CLASS);
      }
    }
  }

  private boolean isReferenced(String name) {
    return holdings.all("", "persistentvolumes").stream()
            .anyMatch(volume -> Json.text(volume, "spec", "volumeAttributesClassName").equals(name))
        || holdings.all("", "persistentvolumeclaims").stream()
            .anyMatch(claim -> names(claim).contains(name));
  }

  private static List<String> names(JsonNode claim) {
    return List.of(
        Json.text(claim, "spec", "volumeAttributesClassName"),
        Json.text(claim, "status", "currentVolumeAttributesClassName"),
        Json.text(claim, "status", "modifyVolumeStatus", "targetVolumeAttributesClassName"));
  }
}
