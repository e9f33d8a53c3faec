package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.List;

/** A Node. */
public record Node(ObjectNode json) implements ApiObject {
  public static final String NODE_ID = "csi.volume.kubernetes.io/nodeid";
  public static final String MANAGED = "volumes.kubernetes.io/controller-managed-attach-detach";
  private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  public boolean ready() {
    return Json.items(json, "status", "conditions")
        .anyMatch(
            condition ->
                Json.text(condition, "type").equals("Ready")
                    && Json.text(condition, "status").equals("True"));
  }

  public boolean schedulable() {
    return !Json.at(json, "spec", "unschedulable").asBoolean()
        && Json.items(json, "spec", "taints")
            .noneMatch(
                taint -> List.of("NoSchedule", "NoExecute").contains(Json.text(taint, "effect")));
  }

  public boolean outOfService() {
    return Json.items(json, "spec", "taints")
        .anyMatch(taint -> Json.text(taint, "key").equals(OUT_OF_SERVICE));
  }

  public boolean managedAttach() {
    return annotation(MANAGED).equals("true");
  }

  public List<String> volumesInUse() {
    return Json.texts(json, "status", "volumesInUse");
  }

  public List<String> volumesAttached() {
    return Json.items(json, "status", "volumesAttached")
        .map(each -> Json.text(each, "name"))
        .toList();
  }
}
