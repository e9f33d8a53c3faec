package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.status.Subject;
import java.util.List;

/**
 * What a DELETE asks for, in its body or its query.
 *
 * @param propagation Background, Foreground, Orphan or empty
 * @param graceSeconds less than 0 for the object's own
 * @param uid empty for any
 * @param resourceVersion empty for any
 */
record DeleteOptions(String propagation, long graceSeconds, String uid, String resourceVersion) {
  private static final List<String> POLICIES = List.of("", "Background", "Foreground", "Orphan");

  static DeleteOptions of(Request request) {
    JsonNode body = request.body().length == 0 ? Json.object() : Incoming.tree(request);
    var propagation =
        either(Json.text(body, "propagationPolicy"), request.parameter("propagationPolicy"));
    var orphan = either(Json.text(body, "orphanDependents"), request.parameter("orphanDependents"));
    if (!POLICIES.contains(propagation)) {
      throw ApiFailure.of(
          422,
          "Invalid",
          "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"%s\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""
              .formatted(propagation));
    }
    var grace =
        either(Json.text(body, "gracePeriodSeconds"), request.parameter("gracePeriodSeconds"));
    return new DeleteOptions(
        propagation.isEmpty() && orphan.equals("true") ? "Orphan" : propagation,
        grace.matches("\\d{1,9}") ? Long.parseLong(grace) : -1,
        Json.text(body, "preconditions", "uid"),
        Json.text(body, "preconditions", "resourceVersion"));
  }

  private static String either(String one, String other) {
    return one.isEmpty() ? other : one;
  }

  void require(JsonNode object, Subject subject) {
    // Here the API server puts the kind where it has the resource elsewhere.
    var about = new Subject(subject.group(), subject.kind(), subject.kind(), subject.name());
    var uidThere = Json.text(object, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(uidThere)) {
      throw ApiFailure.conflict(
          about,
          "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been deleted and then recreated"
              .formatted(uid, uidThere));
    }
    var versionThere = Json.text(object, "metadata", "resourceVersion");
    if (!resourceVersion.isEmpty() && !resourceVersion.equals(versionThere)) {
      throw ApiFailure.conflict(
          about,
          "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). The object might have been modified"
              .formatted(resourceVersion, versionThere));
    }
  }
}
