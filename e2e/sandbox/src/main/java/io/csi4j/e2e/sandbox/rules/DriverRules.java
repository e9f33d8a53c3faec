package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.HashSet;
import java.util.List;

/** CSIDriver. */
record DriverRules() implements Rules {
  private static final long UPDATE_PERIOD_SECONDS_MIN = 10;
  private static final long TOKEN_SECONDS_MIN = 600;
  private static final List<String> MODES = List.of("Persistent", "Ephemeral");
  private static final List<String> GROUP_POLICIES =
      List.of("File", "None", "ReadWriteOnceWithFSType");

  @Override
  public void fill(ObjectNode driver) {
    var spec = Json.child(driver, "spec");
    Json.fill(spec, "attachRequired", true);
    Json.fill(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    for (var field :
        List.of("podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount")) {
      Json.fill(spec, field, false);
    }
    if (Json.at(spec, "volumeLifecycleModes").isEmpty()) {
      spec.putArray("volumeLifecycleModes").add("Persistent");
    }
  }

  @Override
  public void check(ResourceType type, JsonNode driver, Complaints complaints) {
    complaints.oneOf(driver, "spec.fsGroupPolicy", GROUP_POLICIES);
    for (var mode : Json.texts(driver, "spec", "volumeLifecycleModes")) {
      if (!MODES.contains(mode)) {
        complaints.add(FieldError.notSupported("spec.volumeLifecycleModes", mode, MODES));
      }
    }
    var period = Json.at(driver, "spec", "nodeAllocatableUpdatePeriodSeconds");
    if (period.isNumber() && period.asLong() < UPDATE_PERIOD_SECONDS_MIN) {
      complaints.add(
          FieldError.invalid(
              "spec.nodeAllocatableUpdatePeriodSeconds",
              period,
              "must be greater than or equal to 10 seconds"));
    }
    if (Json.at(driver, "spec", "serviceAccountTokenInSecrets").asBoolean()
        && Json.at(driver, "spec", "tokenRequests").isEmpty()) {
      complaints.add(
          FieldError.invalid(
              "spec.serviceAccountTokenInSecrets",
              true,
              "serviceAccountTokenInSecrets is set but no tokenRequests are specified"));
    }
    tokens(driver, complaints);
  }

  private static void tokens(JsonNode driver, Complaints complaints) {
    var audiences = new HashSet<String>();
    var index = 0;
    for (var request : Json.at(driver, "spec", "tokenRequests")) {
      var field = "spec.tokenRequests[%d]".formatted(index++);
      var audience = Json.text(request, "audience");
      if (!audiences.add(audience)) {
        complaints.add(
            new FieldError(
                FieldError.Reason.DUPLICATE,
                field + ".audience",
                "Duplicate value: \"%s\"".formatted(audience)));
      }
      var seconds = request.path("expirationSeconds");
      if (seconds.isNumber() && seconds.asLong() < TOKEN_SECONDS_MIN) {
        complaints.add(
            FieldError.invalid(
                field + ".expirationSeconds",
                seconds,
                "may not specify a duration less than 10 minutes"));
      }
    }
  }

  @Override
  public void checkUpdate(JsonNode old, JsonNode driver, Complaints complaints) {
    // Upstream's message misspells the field.
    complaints.unchanged(old, driver, "spec.attachRequired", "spec.attachedRequired");
    complaints.unchanged(old, driver, "spec.volumeLifecycleModes");
  }
}
