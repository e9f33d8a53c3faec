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
          "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"%s\": supported values: \"Background\", \"Foreground\", \"Orphan\""
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
    var text = "Precondition failed: %s in precondition: %s, %s in object meta: %s";
    var uidThere = Json.text(object, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(uidThere)) {
      throw ApiFailure.conflict(subject, text.formatted("UID", uid, "UID", uidThere));
    }
    var versionThere = Json.text(object, "metadata", "resourceVersion");
    if (!resourceVersion.isEmpty() && !resourceVersion.equals(versionThere)) {
      throw ApiFailure.conflict(
          subject,
          text.formatted("ResourceVersion", resourceVersion, "ResourceVersion", versionThere));
    }
  }
}
