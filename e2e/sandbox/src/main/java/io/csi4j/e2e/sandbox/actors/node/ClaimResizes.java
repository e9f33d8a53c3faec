package io.csi4j.e2e.sandbox.actors.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import java.time.InstantSource;
import java.util.Set;

/** What a node writes into a claim about its growth. */
record ClaimResizes(Client client, InstantSource clock) {
  private static final String ERROR = "NodeResizeError";
  private static final Set<String> OF_RESIZES =
      Set.of("Resizing", "FileSystemResizePending", ERROR, "ControllerResizeError");

  void status(Claim claim, String status) {
    var patch = Json.object();
    patch.putObject("status").putObject("allocatedResourceStatuses").put("storage", status);
    client.patchStatus(Kind.CLAIM, claim.namespace(), claim.name(), patch);
  }

  /** The claim has its new size: one write. */
  void done(Claim claim, String size) {
    var patch = Json.object();
    var status = patch.putObject("status");
    status.putObject("capacity").put("storage", size);
    status.putObject("allocatedResourceStatuses").putNull("storage");
    var conditions = status.putArray("conditions");
    Json.items(claim.json(), "status", "conditions")
        .filter(each -> !OF_RESIZES.contains(Json.text(each, "type")))
        .forEach(conditions::add);
    client.patchStatus(Kind.CLAIM, claim.namespace(), claim.name(), patch);
  }

  void failed(Claim claim, String message, boolean infeasible) {
    var patch = Json.object();
    var status = patch.putObject("status");
    if (infeasible) {
      status.putObject("allocatedResourceStatuses").put("storage", ExpansionStep.INFEASIBLE);
    }
    var conditions = status.putArray("conditions");
    Json.items(claim.json(), "status", "conditions")
        .filter(each -> !Json.text(each, "type").equals(ERROR))
        .forEach(conditions::add);
    ObjectNode condition = conditions.addObject().put("type", ERROR).put("status", "True");
    condition.put("message", message).put("lastTransitionTime", Times.text(clock.instant()));
    client.patchStatus(Kind.CLAIM, claim.namespace(), claim.name(), patch);
  }
}
