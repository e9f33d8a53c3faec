package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.status.FieldError;
import io.csi4j.e2e.sandbox.status.Subject;
import java.util.ArrayList;
import java.util.List;

/** The parts of {@code metadata} that are the server's, and what it makes of them at a write. */
final class Metadata {
  private static final int SUFFIX_LENGTH = 5;
  private static final int GENERATED_PREFIX_LENGTH_MAX = 63 - SUFFIX_LENGTH;

  private Metadata() {}

  static ObjectNode of(ObjectNode object) {
    return Json.child(object, "metadata");
  }

  static String name(JsonNode object) {
    return Json.text(object, "metadata", "name");
  }

  static boolean deleting(JsonNode object) {
    return Json.has(object, "metadata", "deletionTimestamp");
  }

  static boolean hasFinalizers(JsonNode object) {
    return !Json.at(object, "metadata", "finalizers").isEmpty();
  }

  /** Completes a new object's metadata; the name is there or made up afterwards. */
  static void begin(ObjectNode object, Target target, Holdings holdings) {
    var metadata = of(object);
    metadata.remove(
        List.of(
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "generation"));
    if (Json.has(metadata, "resourceVersion")
        && !Json.text(metadata, "resourceVersion").equals("0")) {
      if (!Json.text(metadata, "resourceVersion").isEmpty()) {
        throw ApiFailure.of(
            500, "InternalError", "resourceVersion should not be set on objects to be created");
      }
    }
    metadata.remove("resourceVersion");
    if (target.type().namespaced()) {
      metadata.put("namespace", target.namespace());
    } else {
      metadata.remove("namespace");
    }
    metadata.put("uid", holdings.surroundings().newUid());
    metadata.put("creationTimestamp", Times.text(holdings.now()));
    if (target.type().has(Trait.GENERATION)) {
      metadata.put("generation", 1);
    }
    if (Json.text(metadata, "name").isEmpty() && !Json.text(metadata, "generateName").isEmpty()) {
      metadata.put("name", generated(Json.text(metadata, "generateName"), holdings));
    }
  }

  private static String generated(String prefix, Holdings holdings) {
    var kept =
        prefix.length() > GENERATED_PREFIX_LENGTH_MAX
            ? prefix.substring(0, GENERATED_PREFIX_LENGTH_MAX)
            : prefix;
    return kept + holdings.surroundings().newSuffix();
  }

  /** What no client may change, whatever it sent. */
  static void inherit(JsonNode old, ObjectNode object) {
    var metadata = of(object);
    var before = old.path("metadata");
    for (var field :
        List.of(
            "namespace",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation")) {
      Json.take(metadata, field, before);
    }
    if (Json.text(metadata, "uid").isEmpty()) {
      Json.take(metadata, "uid", before);
    }
    metadata.remove(List.of("selfLink", "managedFields"));
  }

  /** Refuses writes that were meant for another state of the object, or for another object. */
  static void precondition(JsonNode old, ObjectNode object, ResourceType type, Subject subject) {
    var version = Json.text(object, "metadata", "resourceVersion");
    if (version.isEmpty() || version.equals("0")) {
      if (!type.has(Trait.UNCONDITIONAL_UPDATE)) {
        throw ApiFailure.invalid(
            subject,
            List.of(
                FieldError.invalid(
                    "metadata.resourceVersion", 0, "must be specified for an update")));
      }
    } else if (!version.equals(Json.text(old, "metadata", "resourceVersion"))) {
      throw ApiFailure.stale(subject);
    }
  }

  /** A PUT with another uid is meant for another object. */
  static void sameObject(JsonNode old, ObjectNode object, Subject subject) {
    var uid = Json.text(object, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(Json.text(old, "metadata", "uid"))) {
      throw ApiFailure.conflict(
          subject,
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, Json.text(old, "metadata", "uid")));
    }
  }

  /** What a client may leave out, and must not change. */
  static List<FieldError> immutable(JsonNode old, ObjectNode object) {
    var errors = new ArrayList<FieldError>();
    for (var field : List.of("deletionTimestamp", "uid")) {
      var sent = Json.text(object, "metadata", field);
      if (!sent.isEmpty() && !sent.equals(Json.text(old, "metadata", field))) {
        errors.add(FieldError.invalid("metadata." + field, sent, "field is immutable"));
      }
    }
    return errors;
  }
}
