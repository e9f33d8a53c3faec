package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.List;

/** A CSIDriver, or what Kubernetes takes a driver for that has none. */
public record CsiDriver(ObjectNode json) implements ApiObject {

  /** Of a driver without an object. */
  public static final CsiDriver NONE = new CsiDriver(Json.object());

  public boolean attachRequired() {
    return Json.at(json, "spec", "attachRequired").asBoolean(true);
  }

  public boolean podInfoOnMount() {
    return Json.at(json, "spec", "podInfoOnMount").asBoolean(false);
  }

  public boolean storageCapacity() {
    return Json.at(json, "spec", "storageCapacity").asBoolean(false);
  }

  public String fsGroupPolicy() {
    var policy = Json.text(json, "spec", "fsGroupPolicy");
    return policy.isEmpty() ? "ReadWriteOnceWithFSType" : policy;
  }

  /** {@code Persistent} or {@code Ephemeral}. */
  public boolean supports(String mode) {
    var modes = Json.texts(json, "spec", "volumeLifecycleModes");
    return modes.isEmpty() ? mode.equals("Persistent") : modes.contains(mode);
  }

  public boolean seLinuxMount() {
    return Json.at(json, "spec", "seLinuxMount").asBoolean(false);
  }

  public boolean requiresRepublish() {
    return Json.at(json, "spec", "requiresRepublish").asBoolean(false);
  }

  public boolean tokensInSecrets() {
    return Json.at(json, "spec", "serviceAccountTokenInSecrets").asBoolean(false);
  }

  /** Audience and, if not 0, seconds of life. */
  public record TokenWish(String audience, long seconds) {}

  public List<TokenWish> tokens() {
    return Json.items(json, "spec", "tokenRequests")
        .map(
            each ->
                new TokenWish(
                    Json.text(each, "audience"), each.path("expirationSeconds").asLong(0)))
        .toList();
  }

  /** 0 for never. */
  public long allocatableUpdateSeconds() {
    return Json.at(json, "spec", "nodeAllocatableUpdatePeriodSeconds").asLong(0);
  }
}
