package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.List;
import java.util.stream.Stream;

/** A Pod. */
public record Pod(ObjectNode json) implements ApiObject {

  public String phase() {
    return Json.text(json, "status", "phase");
  }

  /** Empty until it is scheduled. */
  public String nodeName() {
    return Json.text(json, "spec", "nodeName");
  }

  public boolean scheduled() {
    return !nodeName().isEmpty();
  }

  /** Its containers have ended for good. */
  public boolean terminated() {
    return List.of("Succeeded", "Failed").contains(phase());
  }

  public List<PodVolume> volumes() {
    return Json.items(json, "spec", "volumes")
        .filter(ObjectNode.class::isInstance)
        .map(each -> new PodVolume((ObjectNode) each))
        .toList();
  }

  /** The names of the claims that it uses. */
  public List<String> claimNames() {
    return volumes().stream()
        .map(each -> each.claimName(name()))
        .filter(n -> !n.isEmpty())
        .toList();
  }

  public boolean uses(Claim claim) {
    return claim.namespace().equals(namespace()) && claimNames().contains(claim.name());
  }

  /** Whether it wants its volumes attached and mounted on its node. */
  public boolean active() {
    return scheduled() && !terminated();
  }

  public Stream<String> nodeSelectorMismatches(Node node) {
    return texts("spec", "nodeSelector").entrySet().stream()
        .filter(each -> !each.getValue().equals(node.labels().get(each.getKey())))
        .map(java.util.Map.Entry::getKey);
  }

  /** Whether the pod tolerates the taint of a node that is out of service. */
  public boolean toleratesOutOfService() {
    return Json.items(json, "spec", "tolerations")
        .anyMatch(
            each ->
                Json.text(each, "key").equals("node.kubernetes.io/out-of-service")
                    || (Json.text(each, "key").isEmpty()
                        && Json.text(each, "operator").equals("Exists")));
  }
}
